"""Units of measure, and the words that narrow a quantity, as French and English write them."""

MINUTE, HOUR, DAY, WEEK = 60.0, 3_600.0, 86_400.0, 604_800.0
MONTH, YEAR = 30.4375 * DAY, 365.25 * DAY
"""Seconds; a month and a year are means."""


def _table(written: str) -> dict[str, tuple[str, float]]:
    """Lines "unit factor word word ..."; an underscore stands for a blank."""
    table: dict[str, tuple[str, float]] = {}
    for line in written.strip().splitlines():
        unit, factor, *words = line.split()
        table |= {word.replace("_", " "): (unit, float(factor)) for word in words}
    return table


UNITS = _table(
    f"""
time 1 s sec secs seconde secondes second seconds
time {MINUTE} min mn mins minute minutes
time {HOUR} h hr hrs heure heures hour hours
time {DAY / 2} demi-journee demi-journees half-day half-days
time {DAY} j jour jours journee journees jrs day days nuit nuits night nights nuitee nuitees
time {WEEK} semaine semaines week weeks sem
time {2 * WEEK} fortnight fortnights
time {MONTH} mois month months
time {3 * MONTH} trimestre trimestres
time {6 * MONTH} semestre semestres
time {YEAR} an ans annee annees year years yr yrs
time {10 * YEAR} decennie decennies decade decades
time {100 * YEAR} siecle siecles century centuries
length 0.000001 µm μm micron microns micrometre micrometres
length 500 demi-kilometre half_kilometre
length 0.001 mm millimetre millimetres millimeter millimeters
length 0.01 cm centimetre centimetres centimeter centimeters
length 0.0254 inch inches pouce pouces
length 0.3048 ft foot feet
length 0.1 dm decimetre decimetres
length 1 m metre metres meter meters
length 1000 km kilometre kilometres kilometer kilometers kms
length 1609.344 mile miles mi
area 1 m2 metre_carre metres_carres square_metre square_metres square_meters sqm
area 10000 ha hectare hectares
area 1000000 km2 square_kilometres square_kilometers
volume 0.001 ml millilitre millilitres milliliters
volume 0.01 cl centilitre centilitres
volume 1 l litre litres liter liters
volume 1000 m3 metre_cube metres_cubes cubic_metre cubic_metres cubic_meters
mass 0.001 mg milligramme milligrammes milligrams
mass 1 g gr gramme grammes gram grams
mass 1000 kg kilo kilos kilogramme kilogrammes kilogram kilograms
mass 453.59 lb lbs pounds_weight
mass 1000000 t tonne tonnes tons ton
data 1 octet octets byte bytes
data 1000 ko kb
data 1000000 mo mb megaoctets megabytes
data 1000000000 go gb gigaoctets gigabytes
data 1000000000000 to tb teraoctets terabytes
rate 1000000 mbit/s mbps
rate 1000000000 gbit/s gbps
euro 1 € eur euro euros €/kwh
euro 0.01 centime centimes centimes_d'euro ct cts c€ c€/kwh ct/kwh
dollar 1 $ usd dollar dollars us$ aud cad
dollar 0.01 cents cent_a_piece
pound 1 £ gbp pound pounds
franc 1 chf francs
crown 1 sek nok dkk czk crowns kronor
rupee 1 ₹ inr rupees
yen 1 ¥ jpy yen
shilling 1 kes shillings
% 1 % pour_cent pourcent pour-cent percent per_cent pct
% 0.1 ‰ pour_mille
point 1 point points pp pts points_de_pourcentage percentage_points percentage_point
basis 1 points_de_base basis_points
celsius 1 °c degre degres degrees degree celsius °
fahrenheit 1 °f fahrenheit degrees_fahrenheit
force 1 n newton newtons
force 1000 kn kilonewton kilonewtons
dose 0.001 msv millisievert millisieverts
dose 0.000001 µsv μsv microsievert microsieverts
power 1 w watt watts
power 1000 kw kilowatt kilowatts
power 1000000 mw megawatt megawatts
energy 1 wh
energy 1000 kwh kilowattheure kilowattheures kilowatt-heures kilowatt-hour kilowatt-hours
energy 1000000 mwh megawattheure megawattheures megawatt-heures megawatt-hour megawatt-hours megawatt_hours
energy 1000000000 gwh gigawattheures gigawatt-heures gigawatt-hours
power 1000000000 gw gigawatts
speed 1 km/h kmh kph kilometres_a_l'heure kilometres_par_heure kilometres_an_hour kilometres_per_hour
speed 1.609344 mph miles_an_hour miles_per_hour
volt 1 v volt volts
pressure 1 bar bars
sound 1 db decibels decibel
times 1 fois times
"""
)
ADJECTIVES = {
    "ouvre": "working", "ouvres": "working", "ouvree": "working", "ouvrees": "working",
    "ouvrable": "workable", "ouvrables": "workable", "working": "working", "business": "working",
    "calendaire": "calendar", "calendaires": "calendar", "calendar": "calendar", "francs": "clear",
    "ht": "before tax", "hors taxe": "before tax", "hors taxes": "before tax", "ttc": "with tax",
    "toutes taxes comprises": "with tax", "excluding tax": "before tax", "excl. vat": "before tax",
    "excluding vat": "before tax", "including tax": "with tax", "incl. vat": "with tax",
    "including vat": "with tax", "before tax": "before tax", "after tax": "after tax",
    "brut": "gross", "bruts": "gross", "brute": "gross", "gross": "gross", "net": "net", "nets": "net",
    "nette": "net",
}  # fmt: skip
EXCLUSIVE = (
    frozenset({"working", "workable", "calendar", "clear"}),
    frozenset({"before tax", "with tax"}),
    frozenset({"gross", "net"}),
)
PER = {
    "seconde": "second", "second": "second", "minute": "minute", "heure": "hour", "hour": "hour", "h": "hour",
    "jour": "day", "day": "day", "nuit": "night", "night": "night", "semaine": "week", "week": "week",
    "mois": "month", "month": "month", "trimestre": "quarter", "quarter": "quarter", "semestre": "half",
    "an": "year", "annee": "year", "year": "year", "personne": "person", "person": "person",
    "salarie": "person", "employee": "person", "head": "person", "hourly": "hour", "horaire": "hour",
    "quotidien": "day", "quotidienne": "day", "daily": "day", "journalier": "day", "journaliere": "day",
    "hebdomadaire": "week", "weekly": "week", "hebdomadaires": "week", "mensuel": "month",
    "mensuelle": "month", "mensuels": "month", "mensuelles": "month", "monthly": "month",
    "trimestriel": "quarter", "trimestrielle": "quarter", "quarterly": "quarter", "annuel": "year",
    "annuelle": "year", "annuels": "year", "annuelles": "year", "annual": "year", "yearly": "year",
    "annually": "year", "km": "km", "kilometre": "km", "mile": "mile",
    "trip": "trip", "journey": "trip", "deplacement": "trip",
    "voyage": "trip", "trajet": "trip", "litre": "litre", "tonne": "tonne", "seat": "seat", "user": "user",
    "utilisateur": "user", "metre": "metre",
}  # fmt: skip
POWERS = {
    "k": 1e3, "mille": 1e3, "milliers": 1e3, "thousand": 1e3, "thousands": 1e3,
    "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6, "millions": 1e6,
    "md": 1e9, "mds": 1e9, "bn": 1e9, "b": 1e9, "milliard": 1e9, "milliards": 1e9, "billion": 1e9,
    "billions": 1e9,
}  # fmt: skip
