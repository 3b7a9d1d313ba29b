"""What is on disk now is served only if it is what was indexed, and no link is ever followed."""

import pytest

from contracts.company import Company

pytestmark = pytest.mark.anyio


async def test_neither_a_link_nor_other_bytes_are_served_under_rights_given_to_a_document(
    company: Company,
) -> None:
    root = company.root
    address = f"/api/v1/documents/{company.open_document}/original"
    neighbour = company.people["neighbour"]
    page, kept = root / "open" / "readme.md", root / "open" / "kept.md"
    content = page.read_bytes()
    served = await neighbour.get(address)
    assert served.content == content
    assert int(served.headers["content-length"]) == len(content)

    page.rename(kept)
    for target in ("../confidentiel-zanzibar/confidentiel-plan.pdf", "kept.md"):
        page.symlink_to(target)
        assert (await neighbour.get(address)).status_code == 404
        page.unlink()

    page.write_text("The new version is secret and was never indexed.")
    assert (await neighbour.get(address)).status_code == 404
    page.unlink()
    kept.rename(page)

    (root / "open").rename(root / "open-before")
    (root / "open").symlink_to("open-before")
    assert (await neighbour.get(address)).status_code == 404
    (root / "open").unlink()
    (root / "open-before").rename(root / "open")
    assert (await neighbour.get(address)).content == content


async def test_a_page_image_is_drawn_for_the_owner(company: Company) -> None:
    address = f"/api/v1/documents/{company.pdf}/pages/1.png"
    response = await company.people["owner"].get(
        address, params={"chunk": company.chunk, "quote": "we buy Cobaltine"}
    )
    assert response.status_code == 200
    assert response.content.startswith(b"\x89PNG")
    assert (await company.people["owner"].get(address.replace("/1.", "/9."))).status_code == 404
