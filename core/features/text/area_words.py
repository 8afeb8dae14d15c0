"""The words around the names of places: what leads up to one, what shows its kind, what is never one."""

from __future__ import annotations

import re
from typing import Final

from core.features.text.vocabulary import words_of

LEADS_IN: Final = words_of("in near around outside within inside throughout nearby")
"""Words after which a name is a place."""

LEADS_IN_PAIRS: Final = {
    "to": words_of("""
    close closer next near moving move moved relocate relocating relocation relocated commute commuting heading
    going adjacent proximity nearer transferring transferred distance access coming walk
"""),
    "of": words_of("""
    north south east west city town part parts side suburb suburbs outskirts outside area areas village county
    neighborhood neighborhoods northeast northwest southeast southwest heart middle center edge vicinity miles
    minutes
"""),
    "at": words_of("look looking"),
    "for": words_of("bound headed"),
    "out": words_of("check checking"),
}
"""Words after which a name is a place when one of these stands before them."""

VERBS: Final = words_of("""
    ideally preferably prefer preferred prefers love loved like liked liking consider considering try explore
    exploring search searching about check target targeting switch through though
""")
"""Words after which a capitalised name that nothing follows is a place."""
LOANS: Final = words_of("""
    approved preapproved prequalified qualified loan loans financing financed mortgage preapproval approval letter
""")
"""Words before "through" with which it names a lender: "preapproved through Chase"."""

FILLERS: Final = words_of("""
    the a an either maybe possibly perhaps preferably both even also like say somewhere beautiful sunny
""")
CITY_OF: Final = words_of("""
    city town village county borough neighborhood suburbs suburb
""")
DIRECTIONS: Final = words_of("""
    downtown midtown uptown north south east west northeast northwest southeast southwest central greater
    historic upper lower northern southern eastern western metro metropolitan old inner
""")
QUARTERS: Final = words_of("downtown midtown uptown")
COMPASS: Final = words_of("""
    north south east west northeast northwest southeast southwest
""")
SHAPES: Final = words_of("san santa los las fort mount lake port ft mt")
LANDMARKS: Final = words_of("""
    lake river ocean park beach mountain university college airport
""")
PREFIXES: Final = words_of("""
    san santa los las el fort ft mount mt lake palm palo saint st port rancho la del corte monte castro rio san.
    nob
""")
GENERIC: Final = words_of("""
    spring park hills hill heights creek beach springs valley grove city village ranch estates county gardens
    terrace ridge point lakes woods landing commons falls harbor island square crossing meadows oaks district
    quarter station canyon bluff shores pines lake bay
""")
"""Second words of a place's name that mark it as one, in lower case too."""

QUARTER_MARKS: Final = words_of("""
    heights hills park springs village district square terrace gardens ridge estates ranch crossing lakes woods
    landing commons meadows oaks quarter station
""")
"""Last words of a name that mark a neighbourhood."""

AREA_NOUNS: Final = words_of("""
    area areas neighborhood neighbourhood neighborhoods subdivision suburbs region vicinity side community
""")
STREETS: Final = words_of("""
    street st avenue ave av road rd drive dr lane ln boulevard blvd court ct circle cir way place pl parkway
    pkwy trail trl terrace ter highway hwy loop cove cv alley square plaza pike freeway expressway
""")
GREETINGS: Final = words_of("""
    hi hello hey dear thanks thank mr mrs ms miss name named called i'm regards sincerely cheers by with
""")
KIN: Final = words_of("""
    husband wife son daughter brother sister friend partner boyfriend girlfriend fiance fiancee mom dad uncle aunt
    cousin neighbor boss realtor agent lender it's its
""")
"""Words before a city that is a first name too that make it one."""
HOUSES_OF: Final = words_of("hospital clinic church bank fitness")
"""Words behind a name that make it another's than a place's."""
SCHOOLS: Final = words_of("elementary academy montessori prep preparatory preschool junior")
SCHOOL_GRADES: Final = words_of("high middle primary intermediate charter grade")
"""Words behind a name that make it a school's; those of grades with "school" behind them."""
FITS: Final = words_of("""
    good great fine nice perfect ideal ok okay best preferred preferable better acceptable where a my our the
    closest convenient what
""")
IS: Final = words_of("is would will could might")
SOUNDS: Final = IS | words_of("sounds works looks seems")
PLACE_ENDING: Final = re.compile(
    r"[a-z]{2,}(?:ville|burg|burgh|field|ford|wood|dale|mont|shire|vale|ham|worth|stead|bury|polis|port|boro|"
    r"borough|ington|"
    r"erton|elton|brook|crest|haven|mead|hurst)$"
)
NOT_PLACES_THAT_END_SO: Final = words_of("""
    afford hardwood plywood wood support airport passport report export import transport carport viewport sport
    hamburger haven affirm neighborhood instead homestead infield garfield heaven brook redwood crest softwood
    driftwood
""")

NOT_PLACES_IN_LOWER_CASE: Final = words_of("""
    together immediately quickly white gray grey black chaos fear peace disrepair trust bankruptcy heaven arrears
    probation
""")
"""Words that may follow "house in" and begin a place's name only with a capital."""

BEFORE_IN: Final = words_of("""
    live living located locate house home apartment apt condo place something somewhere bedroom bath bathroom
    property townhouse townhome be anything rental rent buy one area land lot duplex studio flat interested stay
    relocate look looking search bed
""")
"""Words that, before "in", make an unknown lower-case name likely."""

AFTER_NAME: Final = words_of("""
    and or with for under area please that which but also near if is preferably by around pls texas california
    florida
""")
"""Words that may follow such a name."""

NEVER: Final = words_of("""
    yup ya ok nah sorry absolutely definitely correct wonderful terrific alright actually currently hopefully
    ideally i i'm i'd i've i'll im id ive ill a an the this that these those my your our his her their its it we
    we're we'd we'll you you're he she they them us me him is are was were be been am do does did have has had
    can could would should will shall may might must not no yes yeah yep nope okay sure please pls thanks thank
    hi hello hey dear and or but if so then than also just only really very too well maybe perhaps what what's
    when where who why how which whose whom there here with without for from to of on at by as about into onto
    over under up down out off between during after before since until while because any some all both each
    every either neither none many much more most few several other another same different such good great nice
    perfect excellent best better fine decent bad poor safe quiet gated big large small little huge new newer
    old older modern cheap cheaper affordable expensive beautiful lovely awesome cool january february march
    april june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun spring
    summer fall autumn winter christmas easter thanksgiving halloween labor memorial today tomorrow tonight
    morning afternoon evening weekend week weeks month months year years day days hour hours minute minutes
    night english spanish french chinese german portuguese vietnamese korean hindi arabic russian mandarin
    american mexican general advance cash person mind touch contact escrow foreclosure total full part need
    order case time process progress place budget range price mid low high condition shape terms light fact
    addition question stock inventory walking close closer proximity driving biking commuting view building pool
    yard garage backyard basement kitchen bathroom bathrooms bedroom bedrooms bed beds bath baths house houses
    home homes apartment apartments apt apts condo condos townhouse townhome townhomes property properties land
    lot acreage rent rental rentals buying selling renting investing investment interested looking love trouble
    real estate life reality theory quality style size front back rear middle center heart end beginning early
    late bulk effect demand market business school schools college university work job office town city state
    country county region area areas neighborhood neighborhoods neighbourhood suburb suburbs suburban urban
    rural community complex development subdivision district location locations zone walkability transit train
    bus station highway freeway downtown-ish usa america usd united states unit units floor floors story people
    family families kids pets dog dogs cat cats anything anywhere something somewhere nothing everything
    everywhere elsewhere one two three four five six seven eight nine ten first second third half dozen couple
    once twice return exchange regards regard reference response relation lieu spite common charge detail
    details depth doubt favor force hand line turn use vain short long brief sum writing agreement hopes hope
    debt equity closing pre preapproved approved mortgage loan lender offer agent realtor broker zillow redfin
    trulia google facebook instagram craigslist realtor.com hoa mls fha va ac hvac pm asap fyi btw tbd tba re
    fwd fw craftsman victorian colonial ranch-style tudor mediterranean contemporary mid-century duplex triplex
    furnished unfurnished pet friendly laundry parking car cars space room rooms luxury starter single move
    moving want within near around outside inside least per max maximum min minimum future past present now
    later soon exact specific particular right left next nearby local residential commercial mixed prime
    desirable upscale busy yours mine ours theirs bigger larger smaller nicer cleaner fixer upper excess store
    public private sync retirement apartments. airport beach mall park parks downtown's mountains mountain lake
    water river ocean coast coastline grocery shopping shops restaurants hospital church gym stores amenities
    campus parents friends relatives everyone turnkey excellent-condition similar reach court jail tears pain
    pieces stages stage position luck hurry rush panic pickle bind jam flux limbo transition contract
    underwriting probate divorce phase section nanny search searching house-hunting visit visiting tour showing
    listing listings photo photos picture pictures video
    costco walmart target whole trader kroger publix aldi lidl wegmans meijer safeway albertsons sprouts heb ikea
    starbucks dunkin mcdonalds chipotle whataburger walgreens cvs lowes menards petco petsmart dollar sams kohls macys
    nordstrom marshalls ymca amazon google microsoft samsung intel tesla dell giga airbnb vrbo
    interstate hwy mom mum dad grandma grandpa mother father sister brother daughter son dr mr mrs ms open
    duplexes multifamily rehab in
""")
"""Words that never begin the name of a place, whatever their case."""
