"""What people write, and what a careful reader takes from it. Every expectation was written by hand.

The kinds of ``EXACT`` must be found as listed, no more and no less; others only where a message lists them.
All messages were written on Monday, 2 March 2026.
"""

from __future__ import annotations

from datetime import date

import pytest

from core.features import signals_in

WRITTEN_ON = date(2026, 3, 2)
EXACT = ("area", "price", "rent", "zip", "address", "beds", "baths", "date", "pre_approval")

MESSAGES: list[tuple[str, dict[str, list[object]]]] = [
    (
        "Hi, I'm interested in the 3 bed 2 bath at 1204 Elm Street. Is it still available?",
        {"beds": [3], "baths": [2], "address": ["1204 Elm Street"], "question": [0]},
    ),
    (
        "Looking for a 4 bedroom house in Round Rock or Cedar Park, budget 450-500k, pre-approved with Wells Fargo.",
        {"beds": [4], "area": ["Round Rock", "Cedar Park"], "price": [[450_000, 500_000]], "pre_approval": [2.0]},
    ),
    (
        "i want a house in san jose, 3 beds 2.5 baths, under 900k",
        {"area": ["san jose"], "beds": [3], "baths": [2.5], "price": [900_000]},
    ),
    (
        "Budget is between 450 and 500, not pre-approved yet. My husband and I have two kids so schools matter.",
        {"price": [[450_000, 500_000]], "pre_approval": [0.0], "family": [1.0, 2.0], "school": [1.0]},
    ),
    (
        "No financing needed, paying cash. My number is 512-555-0198.",
        {"pre_approval": [2.0], "financing": ["none", "cash"]},
    ),
    ("Just browsing for now. Thanks", {"timeline": [0.0]}),
    (
        "Our lease is up on July 31. Can we see the place on Saturday?",
        {"date": ["2026-07-31", "2026-03-07"], "deadline": [1.0], "showing": [1.0]},
    ),
    (
        "What are the HOA fees and property taxes? Has there been an inspection? Is it furnished?",
        {"question": [1, 1, 0]},
    ),
    (
        "I'm relocating to Austin for a new job. Looking near Barton Springs or in 78704, up to $1.2M.",
        {"area": ["Austin", "Barton Springs"], "zip": ["78704"], "price": [1_200_000], "employment": [0.7]},
    ),
    (
        "first time home buyer here, credit score 720, 60k down payment, income 140k/yr. what can i afford in Tampa?",
        {"area": ["Tampa"], "experience": [0.0], "question": [0]},
    ),
    (
        "We own two rentals already and want another investment property in Columbus OH, around 250k",
        {"area": ["Columbus"], "price": [250_000], "experience": [2.0, 2.0]},
    ),
    (
        "We need 3+ bedrooms, good school district, Plano or Frisco.",
        {"beds": [3], "area": ["Plano", "Frisco"], "school": [1.0]},
    ),
    ("Is the seller motivated? I'd offer 510 if they cover closing costs.", {"price": [510_000]}),
    (
        "LOOKING FOR A 3 BEDROOM HOME IN SAN ANTONIO UNDER 350K ASAP",
        {"beds": [3], "area": ["SAN ANTONIO"], "price": [350_000], "timeline": [1.0]},
    ),
    ("Hello, please call me ASAP at (512) 555-0123", {"timeline": []}),
    (
        "Cash buyers, $600-700k, moving to Boise in 2 months.",
        {"area": ["Boise"], "price": [[600_000, 700_000]], "pre_approval": [2.0], "timeline": [0.6]},
    ),
    (
        "2000 sq ft minimum, built after 1990, 0.5 acre lot, 3 car garage. Max 550.",
        {"price": [550_000], "sqft": [2000]},
    ),
    ("I make 95k a year and rent is $2,100 a month right now. Want to stop renting.", {"rent": [2100]}),
    (
        "Do you have anything in Hyde Park, Chicago? Somewhere close to the university.",
        {"area": ["Hyde Park", "Chicago"]},
    ),
    ("Saw the open house sign on Pomeroy Avenue. How much are they asking?", {"address": ["Pomeroy Avenue"]}),
    (
        "Retired, downsizing from a 5 bedroom in Naperville to a condo downtown.",
        {"beds": [5], "area": ["Naperville", "downtown"], "employment": [0.9]},
    ),
    (
        "Looking for duplexes in the 400s. I'm a contractor and flip houses.",
        {"price": [[400_000, 500_000]], "employment": [0.4], "experience": [2.0]},
    ),
    ("Can you send me comps for 78745? I think $589,000 is overpriced.", {"price": [589_000]}),
    (
        "we're getting preapproved with our credit union. hoping to spend around 425 in Pflugerville",
        {"pre_approval": [1.0], "price": [425_000], "area": ["Pflugerville"]},
    ),
    ("The appraisal came in low. We're under contract till the 14th.", {"date": ["2026-03-14"]}),
    ("thanks! that works for me. see you Saturday at 2pm", {"date": ["2026-03-07"], "employment": []}),
    ("Is Brentwood a safe area? We liked Zilker too.", {"area": ["Brentwood", "Zilker"]}),
    ("How about tomorrow? 3/14 works as well.", {"date": ["2026-03-03", "2026-03-14"]}),
    ("My 401k is fine. My number is 5125550198, zip 78701.", {"zip": ["78701"]}),
    (
        "Mid 400s to low 500s, somewhere around San Marcos, no rush",
        {"price": [[433_000, 533_000]], "area": ["San Marcos"], "timeline": [0.1]},
    ),
    ("do you take FHA loans? my score is 640", {"financing": ["loan", "loan"]}),
    ("Half a million tops. Near Lake Travis if possible!", {"price": [500_000], "area": ["Lake Travis"]}),
    ("My name is Austin Powers and I live in Houston.", {"area": ["Houston"]}),
    ("hi austin, thanks for the info", {}),
    ("I was laid off last year so not sure we can buy", {"employment": [0.1]}),
    ("¿Tiene casas en Miami por menos de 400k?", {"area": ["Miami"], "price": [400_000]}),
    ("أبحث عن منزل في Dallas بسعر 500k", {"area": ["Dallas"], "price": [500_000]}),
    (
        "Looking for something in St. Louis or Fort Worth, TX 76102",
        {"area": ["St. Louis", "Fort Worth"], "zip": ["76102"]},
    ),
    ("We saw 12 homes last weekend 😀😀 none in our price range (650-700)", {"price": [[650_000, 700_000]]}),
    ("Can I bring my 2 dogs? 1 cat?", {"question": [0, 0]}),
    ("May I visit on May 5th? I may be late.", {"date": ["2026-05-05"], "showing": [1.0]}),
    (
        "Any 3/2 homes in Katy with a pool under $400,000?",
        {"beds": [3], "baths": [2], "area": ["Katy"], "price": [400_000]},
    ),
    ("The 2nd floor unit please, the 1st option is too small", {}),
    (
        "I would like to sell my home at 742 Evergreen Terrace, Springfield. What's it worth?",
        {"address": ["742 Evergreen Terrace"], "area": ["Springfield"], "experience": [1.0]},
    ),
    ("We need to close by the end of the month, 1031 exchange", {"deadline": [1.0], "experience": [2.0]}),
    ("$750k - $1.1M", {"price": [[750_000, 1_100_000]]}),
    ("20k over asking is crazy. We'd go $15k under.", {}),
    (
        "interested in a townhouse, 1,800-2,200 sqft, close to Nashville",
        {"area": ["Nashville"], "sqft": [[1800, 2200]]},
    ),
    ("We are pre-qualified for 375 and could be ready in 6 to 8 weeks", {"pre_approval": [1.0], "price": [375_000]}),
    ("In Spanish please. In general I prefer email.", {}),
    ("Not interested in Round Rock anymore, only Georgetown", {"area": ["Round Rock", "Georgetown"]}),
    (
        "need 2bd/1ba near downtown, rent under 2k a month",
        {"beds": [2], "baths": [1], "area": ["downtown"], "rent": [2000]},
    ),
    ("I'd like a 2 bedroom in East Austin, walking distance to shops", {"beds": [2], "area": ["East Austin"]}),
    ("moving from Chicago to Charlotte NC", {"area": ["Charlotte"]}),
    (
        "Would the owner consider seller financing? We can put 20% down.",
        {"financing": ["loan", "loan"], "term": ["seller financing"]},
    ),
    ("I live alone so one bedroom and one bath is plenty", {"beds": [1], "baths": [1], "family": [1.0]}),
    ("A single family home please, no condos. Family room would be nice.", {"family": []}),
    ("Do I need to be pre-approved before we tour homes?", {"pre_approval": [0.0]}),
    (
        "My lender said the pre-approval letter is attached. Up to $640,000.",
        {"pre_approval": [2.0], "price": [640_000]},
    ),
    (
        "We have 3 kids and a baby on the way; at least four bedrooms in Boulder",
        {"beds": [4], "area": ["Boulder"], "family": [3.0, 1.0]},
    ),
    ("Listing says $1,250,000. Is that negotiable?", {"price": [1_250_000], "question": [1]}),
    ("a million dollars is our ceiling, preferably in Marin County", {"price": [1_000_000], "area": ["Marin County"]}),
    ("thanks a million for your help!", {}),
    ("Is the 450 unit complex the one with 2 pools and 600 parking spaces?", {}),
    ("It is within 45 minutes of downtown Denver, right?", {"area": ["downtown Denver"]}),
    ("Wednesday next week or the 12th of March would be great", {"date": ["2026-03-11", "2026-03-12"]}),
    ("I'm a nurse, full-time, 8 years at the same hospital", {"employment": [0.7, 0.9, 0.9]}),
    ("Sold my last house in 2019 for $410,000 and rented since", {"price": [410_000], "experience": [1.0]}),
]


@pytest.mark.parametrize(("text", "expected"), MESSAGES, ids=[text[:50] for text, _ in MESSAGES])
def test_a_message_tells_what_a_careful_reader_takes_from_it(text: str, expected: dict[str, list[object]]) -> None:
    found: dict[str, list[object]] = {}
    for signal in signals_in(text, WRITTEN_ON):
        assert signal.text == text[signal.start : signal.end]
        found.setdefault(signal.kind, []).append(signal.value)
    kinds = {*EXACT, *expected}
    assert {kind: found.get(kind, []) for kind in kinds} == {kind: expected.get(kind, []) for kind in kinds}
