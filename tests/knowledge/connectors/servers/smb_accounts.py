"""People, groups and rights of a Samba server, made without any account of this machine.

People are written into the server's own database. Their numbers exist nowhere else: the server is told once
whose they are, so that lists of POSIX rights can name them.
"""

import grp
import os
import re
import shutil
import struct
import subprocess

PEOPLE = ("ada", "bob", "eve")
_FIRST_PERSON, _FIRST_GROUP = 5000, 6000
_FIRST_NUMBER = 70_000
_NO_NUMBER = 0xFFFFFFFF
_STRINGS = 12
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"


class Accounts:
    """What a server with this configuration knows of people and groups."""

    def __init__(self, config, user):
        self.config = config
        self.user = user
        self.sid = ""
        self.reader = ""
        self.numbers = {}
        self._groups = {}
        self._free = [group.gr_name for group in grp.getgrall() if group.gr_gid]

    def add_people(self):
        """Write the people, before the server starts: copies of the account that is there."""
        tdb = self.config.parent / "private" / "passdb.tdb"
        dump = _run("tdbdump", str(tdb))
        found = re.search(rf'key\(\d+\) = "USER_{self.user}\\00"\ndata\(\d+\) = "(.*)"\n', dump)
        record = re.sub(rb"\\([0-9A-F]{2})", lambda m: bytes([int(m[1], 16)]), found[1].encode())
        for number, name in enumerate(PEOPLE, _FIRST_PERSON):
            written = f"{name}\0".encode()
            dump += _entry(f"USER_{name}\0".encode(), _renamed(record, written, number))
            dump += _entry(f"RID_{number:08x}\0".encode(), written)
        self.reader = re.search(rf'RID_(\w+)\\00"\ndata\(\d+\) = "{self.user}\\00"', dump)[1]
        tdb.unlink()
        _run("tdbrestore", str(tdb), input=dump)
        self.sid = self.net("getlocalsid").split()[-1]
        self.reader = f"{self.sid}-{int(self.reader, 16)}"
        for name in PEOPLE:
            self.number(self.person(name))

    def person(self, name):
        """The SID of a person."""
        return f"{self.sid}-{_FIRST_PERSON + PEOPLE.index(name)}"

    def add_reader(self, user, password):
        """Let another account of this machine sign in; gives its SID."""
        said = f"{password}\n{password}\n"
        _run("pdbedit", "-s", str(self.config), "-a", "-t", "-u", user, input=said)
        shown = _run("pdbedit", "-s", str(self.config), "-v", "-u", user)
        return re.search(r"User SID:\s+(\S+)", shown)[1]

    def number(self, sid, kind="U"):
        """The number that stands for a SID in lists of POSIX rights on this server."""
        if sid not in self.numbers:
            self.numbers[sid] = _FIRST_NUMBER + len(self.numbers)
            self.stands_for(self.numbers[sid], sid, kind)
        return self.numbers[sid]

    def stands_for(self, number, sid, kind):
        """Tell the server which SID a person's (U) or group's (G) number stands for."""
        self.net("cache", "add", f"IDMAP/{kind}ID2SID/{number}", sid, "1d")
        self.net("cache", "add", f"IDMAP/SID2XID/{sid}", f"{number}:{kind}", "1d")

    def group(self, name, members):
        """The SID of a local group, made if it is not there, with these SIDs as its members."""
        if name not in self._groups:
            number = _FIRST_GROUP + len(self._groups)
            self._groups[name] = sid = f"{self.sid}-{number}"
            of_system = self._free.pop()
            self.net(
                "groupmap",
                "add",
                f"sid={sid}",
                f"ntgroup={name}",
                f"unixgroup={of_system}",
                "type=local",
            )
        sid = self._groups[name]
        present = set(re.findall(r"S-1-[\d-]+", self.net("groupmap", "listmem", sid)))
        for member in present - set(members):
            self.net("groupmap", "delmem", sid, member)
        for member in set(members) - present:
            self.net("groupmap", "addmem", sid, member)
        return sid

    def remove_group(self, name):
        """Remove a group, and leave its SID behind wherever it is named."""
        self.net("groupmap", "delete", f"sid={self._groups.pop(name)}")

    def share(self, *entries):
        """Set the list of the share itself: `SID:ALLOWED/0/READ` and the like; none is everyone."""
        _run("sharesec", "documents", "-D", "-s", str(self.config), check=False)
        if entries:
            _run("sharesec", "documents", "-R", ",".join(entries), "-s", str(self.config))

    def net(self, *words):
        return _run("net", "-s", str(self.config), *words)


def posix_list(file, users=(), groups=(), shut_out=(), other=0):
    """Give a file a list of POSIX rights.

    Args:
        file: its path.
        users: numbers of people who may read.
        groups: numbers of groups whose members may.
        shut_out: numbers of people who may not.
        other: permissions of all others.
    """
    entries = [(0x01, 6, _NO_NUMBER)]
    named = {**dict.fromkeys(users, 5), **dict.fromkeys(shut_out, 0)}
    entries += [(0x02, bits, number) for number, bits in sorted(named.items())]
    entries += [(0x04, 0, _NO_NUMBER)]
    entries += [(0x08, 5, number) for number in sorted(groups)]
    entries += [(0x10, 7, _NO_NUMBER), (0x20, other, _NO_NUMBER)]
    written = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    os.setxattr(file, "system.posix_acl_access", written)


def _renamed(record, name, number):
    """A record of tdbsam with another name and relative identifier."""
    head, at = record[:28], 28
    strings = []
    for _ in range(_STRINGS):
        (length,) = struct.unpack_from("<I", record, at)
        strings.append(record[at + 4 : at + 4 + length])
        at += 4 + length
    strings[0] = strings[3] = name
    written = b"".join(struct.pack("<I", len(one)) + one for one in strings)
    return head + written + struct.pack("<I", number) + record[at + 4 :]


def _entry(key, data):
    key, data = ("".join(f"\\{byte:02X}" for byte in one) for one in (key, data))
    return f'{{\nkey({len(key) // 3}) = "{key}"\ndata({len(data) // 3}) = "{data}"\n}}\n'


def _run(program, *words, input=None, check=True):  # noqa: A002 - as subprocess has it
    found = shutil.which(program, path=_PATH)
    assert found is not None, f"{program} is missing: apt-get install samba tdb-tools"
    done = subprocess.run(
        [found, *words],
        input=None if input is None else input.encode(),
        check=False,
        capture_output=True,
        timeout=30,
    )
    assert not check or done.returncode == 0, (program, words, done.stderr.decode(errors="replace"))
    return done.stdout.decode()
