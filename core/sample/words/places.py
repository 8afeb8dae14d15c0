"""The metro of the sample: Austin, Texas. Areas are real, price levels rounded, house numbers made up."""

# ruff: noqa: E501  (a fragment is one line, however long)

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Area:
    """A part of town: ``median_usd`` is the price of a typical home there, ``share`` its share of demand."""

    name: str
    zips: tuple[str, ...]
    median_usd: int
    share: float
    streets: tuple[str, ...]
    town: str = "Austin"


AREAS: Final = (
    Area("Downtown Austin", ("78701",), 610_000, 0.07,
         ("Rainey St", "W 5th St", "Nueces St", "Red River St", "San Antonio St")),
    Area("East Austin", ("78702", "78721"), 590_000, 0.12,
         ("Chicon St", "Holly St", "E 12th St", "Webberville Rd", "Comal St", "Pedernales St")),
    Area("Mueller", ("78723",), 640_000, 0.09,
         ("Aldrich St", "Berkman Dr", "Simond Ave", "Zach Scott St", "Garcia St")),
    Area("Hyde Park", ("78751",), 680_000, 0.06,
         ("Avenue G", "Duval St", "E 43rd St", "Speedway", "Avenue B")),
    Area("Zilker", ("78704",), 890_000, 0.08,
         ("Kinney Ave", "Bluebonnet Ln", "Rabb Rd", "Garner Ave", "Treadwell St", "Goodrich Ave")),
    Area("Tarrytown", ("78703",), 1_350_000, 0.05,
         ("Exposition Blvd", "Windsor Rd", "Pecos St", "Scenic Dr", "Enfield Rd")),
    Area("Westlake Hills", ("78746",), 1_600_000, 0.04,
         ("Westlake Dr", "Redbud Trl", "Camp Craft Rd", "Laurel Valley Rd")),
    Area("Circle C", ("78739",), 630_000, 0.09,
         ("Escarpment Blvd", "Dahlgreen Ave", "La Crosse Ave", "Spruce Canyon Dr", "Muir Ln")),
    Area("Steiner Ranch", ("78732",), 720_000, 0.07,
         ("Quinlan Park Rd", "Steiner Ranch Blvd", "John Simpson Trl", "Bella Mar Trl")),
    Area("Round Rock", ("78664", "78665", "78681"), 415_000, 0.14,
         ("Palm Valley Blvd", "Sam Bass Rd", "Forest Creek Dr", "Kensington Pl", "Teravista Club Dr"), town="Round Rock"),
    Area("Cedar Park", ("78613",), 480_000, 0.10,
         ("Cypress Creek Rd", "Brushy Creek Rd", "Lakeline Blvd", "Discovery Blvd"), town="Cedar Park"),
    Area("Pflugerville", ("78660",), 375_000, 0.09,
         ("Pecan St", "Kelly Ln", "Falcon Pointe Blvd", "Dessau Rd", "Rowe Loop"), town="Pflugerville"),
)  # fmt: skip
BY_NAME: Final = {area.name: area for area in AREAS}
EMPLOYERS: Final = (
    "Dell", "Apple", "Tesla", "Samsung", "Oracle", "St. David's", "Ascension Seton", "UT", "the state", "AMD", "IBM",
    "H-E-B", "Indeed", "NXP", "the city", "Travis County", "Whole Foods", "Charles Schwab", "a law firm downtown",
    "a small startup", "the airport", "Applied Materials", "General Motors", "Visa", "the VA clinic",
)  # fmt: skip
LENDERS: Final = (
    "Chase", "Wells Fargo", "Rocket", "UFCU", "A+ Federal Credit Union", "Guild Mortgage", "Amplify Credit Union", "USAA",
    "Navy Federal", "Bank of America", "CrossCountry", "Fairway", "Cornerstone Home Lending", "PrimeLending", "PNC",
    "a broker in Lakeway", "loanDepot", "Movement Mortgage", "Cardinal Financial", "my credit union", "Frost",
)  # fmt: skip
JOBS: Final = (
    "nurse", "software engineer", "electrician", "project manager", "paralegal", "chef", "pharmacist", "data analyst",
    "civil engineer", "sales rep", "physical therapist", "graphic designer", "firefighter", "accountant", "plumber",
    "HR manager", "dental hygienist", "product designer", "police officer", "machinist", "architect", "barber",
    "truck driver", "marketing manager", "lab technician", "veterinarian", "musician",
)  # fmt: skip
FROM_TOWNS: Final = (
    "Chicago", "San Jose", "Houston", "Dallas", "Denver", "Seattle", "Brooklyn", "Los Angeles", "Phoenix", "Atlanta",
    "Nashville", "San Antonio", "Portland", "Boston", "Tampa", "Sacramento", "Raleigh", "Detroit", "El Paso", "Oakland",
)  # fmt: skip
