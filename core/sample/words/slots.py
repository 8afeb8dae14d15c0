"""Small things that differ from message to message; drawn afresh wherever a fragment names them."""

from __future__ import annotations

from typing import Final

SLOTS: Final[dict[str, tuple[str, ...]]] = {
    "feature": (
        "a garage", "a two car garage", "a decent yard", "a fenced yard", "a home office", "a screened porch",
        "a pool", "room for a garden", "an open kitchen", "a gas range", "high ceilings", "a first floor bedroom",
        "a walk-in closet", "natural light", "a workshop", "a covered patio", "hardwood floors", "a guest room",
        "solar panels", "a big kitchen island", "a quiet street", "walkable coffee", "a mudroom", "RV parking",
        "an EV charger", "a casita", "some shade trees", "a dog run", "a bay window", "a fireplace", "storage",
        "a separate dining room", "a view", "a balcony", "a flat lot", "a single story layout", "a new roof",
    ),
    "dislike": (
        "a busy road", "an HOA that fines you for everything", "power lines behind it", "a tiny kitchen",
        "a flip with grey floors", "popcorn ceilings", "a flood zone", "foundation trouble", "a long commute",
        "carpet everywhere", "a shared driveway", "a north facing living room", "street parking", "low ceilings",
        "train noise", "a steep driveway", "two stories", "being right off the highway", "a zero lot line",
    ),
    "weekday": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "weekend": ("Saturday", "Sunday", "Saturday morning", "Sunday afternoon", "this weekend", "Saturday after lunch"),
    "clock": ("10", "11", "noon", "1:30", "2", "2:30", "4", "4:30", "5:15", "10:30", "9:30 am", "3", "6 pm", "11:15",
              "5:30", "9", "1 pm", "3:45"),
    "daypart": ("in the morning", "after work", "over lunch", "in the evening", "early afternoon", "late afternoon"),
    "likes": ("the kitchen", "the light", "the backyard", "the street", "the layout", "the porch", "the trees",
              "the primary bath", "how quiet it was", "the location", "the ceilings", "the lot", "the floors"),
    "flaw": ("the roof", "the foundation", "the AC", "the windows", "the water heater", "the plumbing",
             "the electrical panel", "the fence", "the drainage", "the driveway", "that crack in the hallway"),
    "hassle": ("work has been nuts", "we were traveling", "I was out with the flu", "my phone died", "it's been a week",
               "I was on shift", "we had people in town", "I've been buried", "the car broke down", "I was on a flight",
               "the holidays got in the way", "things got hectic", "the kitchen flooded"),
    "thanks": ("thanks", "thank you", "many thanks", "thanks so much", "appreciate it", "thanks a bunch",
               "thank you kindly", "thanks for that", "much appreciated", "thanks for the help"),
    "pet": ("two dogs", "a big dog", "three cats", "an old lab", "a very loud beagle", "chickens", "a parrot"),
    "count": ("two", "three", "a few", "four", "a couple of", "five"),
    "chore": ("the dishwasher", "the back deck", "the paint", "the landscaping", "the carpet", "the guest bath"),
    "upgrade": ("new HVAC in 2021", "a new roof two years ago", "remodeled the kitchen", "redid both baths",
                "replaced the windows", "new floors throughout", "added a deck", "solar since 2020",
                "nothing major, it is pretty original", "fresh paint inside and out", "new water heater"),
    "mood": ("excited", "a bit nervous", "curious", "hopeful", "serious about this", "tired of looking", "optimistic"),
    "percent": ("3", "3.5", "5", "10", "15", "20", "25", "30"),
    "minutes": ("15", "20", "25", "30", "40"),
    "hassle_short": ("work", "the weather", "my shift", "rates", "the bank", "inventory", "traffic"),
    "dislike_short": ("busy roads", "HOA", "flips", "carpet", "stairs", "shared driveways", "flood zones"),
    "lender_contact": ("a lender we trust", "our lender at UFCU", "a good loan officer", "someone at a credit union"),
    "highway": ("35", "MoPac", "183", "290", "360", "71"),
    "drip_topic": (
        "what is selling this week", "how days on market are moving", "three new listings", "a price drop",
        "the open houses this weekend", "what buyers are paying over list", "rates this week",
        "a quiet stretch in the market", "the new construction incentives", "how appraisals are coming in",
    ),
}  # fmt: skip
