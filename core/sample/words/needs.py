"""Where people want to live, in what, and by when."""

# ruff: noqa: E501  (a fragment is one line, however long)

from __future__ import annotations

from typing import Final

from core.sample.grammar import fragments

CITY_ONLY: Final = fragments("""
[looking|we're looking|I'm looking] [in Austin|around Austin|in the Austin area|anywhere in Austin]
[somewhere|anywhere] [around|near|in] Austin [is fine|really|works|would do]
[open to|open on] [different parts of Austin|anywhere around Austin|most of Austin]
[not sure|no idea] [which part of town|which area] yet, [just Austin|Austin in general|somewhere in Austin]
[don't know Austin well|new to Austin], so [open to ideas|no area picked]
[still figuring out|haven't decided on] [where in Austin|the part of Austin]
""")
AREA: Final = fragments("""
[looking|we're looking|I'm looking|hoping] [in|for something in|for a place in] {area}
{area} [would be ideal|is our first choice|is where we want to be|is the dream|preferably]
[we love|I love|really like] {area}
[mostly|mainly|only] interested in {area}
[want to|would like to|need to] be in {area}[, close to work|, near friends|]
[been watching|keep an eye on|following] {area} for [a while|months|weeks]
{area} or [very |]close to it
something [near|around|close to] {area}
[is|are] there anything [good |]in {area} [right now|these days|coming up]?
""")
AREAS: Final = fragments("""
[looking in|deciding between|torn between] {area} [and|or] {area2}
{area} first, {area2} [second|as a backup|if we have to]
[either|] {area} or {area2} [would work|is fine|, no preference|]
[we like|I like] both {area} and {area2}
{area}, {area2}, maybe {area3}
[would consider|open to] {area2} [too|as well] if {area} is too [pricey|expensive|competitive]
""")
ZIP: Final = fragments("""
[zip code|zip] {zip} [only|preferably|is ideal|would be best]
[looking in|searching in|want] {zip}
[need to|have to] stay in {zip} [for work|because of the commute|]
[anything|something] in {zip} [coming up|right now]?
{area}, {zip} [if possible|specifically|]
""")
HOME: Final = fragments("""
[need|want|looking for] [at least |]{beds} [bedrooms|beds|bed] [and|,|/] {baths} [bath|baths|bathrooms]
{beds}/{baths} [minimum|or bigger|would be great|with {feature}]
[ideally|preferably|hopefully] {beds} bedrooms with {feature}
[{beds} bed {baths} bath|{beds}bd/{baths}ba], {feature} [is a must|a plus|would be nice]
[must have|needs|want] {feature} [and|,] {feature}
{feature} is [a must|non negotiable|important|high on the list], [rest is flexible|less picky on the rest|]
[no|not into|can't do] {dislike} [please|if possible|]
[condo or townhome|condo|townhouse|house|single story|new build|bungalow] [is fine|preferred|works], [about|around|at least] {sqft} sq ft
[at least|around|about] {sqft} square feet, {feature} [if we can get it|preferably|]
[we have|I have] {pet} so [need a yard|a yard matters|no condos]
[prefer|would prefer] [new construction|something older with character|a fixer upper|move in ready]
""")
SOON: Final = fragments("""
[need to|have to|want to] [move|buy|be in] [asap|right away|immediately|as soon as possible]
[ready to|want to] [buy|move|make an offer] [now|this month|right away]
[hoping to|want to|would like to] [be under contract|find something] [in the next {weeks} weeks|within {weeks} weeks|this month]
[timeline is|looking at] [now|asap|the next {weeks} weeks|within 30 days]
[we're|I'm] ready [as soon as|whenever] the right one [comes up|shows up], [today even|this week even|]
[need|have] to close [in|within] [30 days|{weeks} weeks|45 days]
""")
MONTHS: Final = fragments("""
[looking to|hoping to|want to|planning to] [move|buy|be in] [in|within] [the next |about |]{months} months
[timeline is|looking at] [about |around |roughly |]{months} months
[in|within] the next {months} months [or so|ideally|]
[thinking maybe|planning to move|ideally] {season}
[want to|hope to|would like to] be [moved|settled|in] by {month}
sometime [in|around|before] {month}[ maybe| I hope|]
[probably|maybe] {month} or {month_after}
""")
LATER: Final = fragments("""
[no rush|not in a hurry|no hurry|zero rush], [maybe next year|sometime next year|{months} months out|we'll see]
[just looking|just browsing|only looking] [for now|at this point|around]
[probably|maybe] [next year|a year from now|in {months} months|in a year or two]
not [planning to|going to] [buy|move] [until next year|for a while|anytime soon]
[someday|at some point|eventually] [we'd like to|I want to] [buy|own|move], [not yet|no date yet]
[still|very] early [days|stages] for [us|me], [just researching|gathering info|seeing what's out there]
[when rates come down|once rates drop|if rates get better] [maybe|we'd think about it|I'd look seriously]
""")
DEADLINE: Final = fragments("""
[our|my] lease [is up|ends|runs out|expires] [{date}|in {month}|at the end of {month}]
[I start|starting] a new job [on |]{date}[ at {employer}| downtown|]
[have to|need to|must] be out of [our|my] [apartment|rental|place] by {date}
[landlord is selling|landlord wants it back], [we have to be out by|out by] {date}
relocating [for work |][from {town} |][and have to be there|, report date is] {date}
[want to|have to] be [in|moved in] before {date}, [it's a hard date|no way around it|not flexible]
""")
SELL_SOON: Final = fragments("""
[want to|ready to|need to|hoping to] [list|sell|get it on the market] [asap|right away|in the next {weeks} weeks|this month]
[already bought|under contract on] the next [one|place], so [need to list now|ready to go]
[moving|relocating] [for work|out of state|to {town}] and [need to sell|have to sell] [soon|quickly|asap]
""")
SELL_MONTHS: Final = fragments("""
[thinking of|planning on|looking at] listing [in|within] [about |]{months} months
[want to|would like to] list [in|around|by] {month}
[aiming for|hoping for] {season}
""")
SELL_LATER: Final = fragments("""
[just curious|only curious] what it's worth, [not moving yet|no plans yet|might sell someday]
[maybe|possibly|might sell] next year, [depends|we'll see|not decided]
[not in a hurry|no rush] [to sell|at all], just [checking|curious|exploring]
""")
SELL_HOME: Final = fragments("""
[it's|the house is|ours is] a {beds}/{baths}, about {sqft} sq ft, [in {area}|on {street}]
{beds} bedrooms, {baths} baths, {upgrade}
[we|] {upgrade}
[bought it|bought|been here since] in {year}, {upgrade}
the only [issue|problem] is {flaw}, [otherwise it's in good shape|we know it needs work|everything else is fine]
[own|I own|we own] a [place|house|home|duplex|condo] [at {address}|on {street}] in {area}
""")
OWNER_DEADLINE: Final = fragments("""
[our house|our place|my condo] [in {town} |]closes [on |]{date}, so [we need a place by then|the clock is ticking]
[have to|need to] identify a property for the 1031 by {date}
[sold|we sold] [our|my] place, the leaseback [ends|is over] [on |]{date}
[bridge loan|my bridge loan] [runs out|is due] [on |]{date}
[have to|need to|must] be [settled|in the new place] by {date}, [work starts right after|movers are hired|no way around it]
[I start|starting] a new job [on |]{date}[ at {employer}| downtown|]
""")
SELL_DEADLINE: Final = fragments("""
[closing|we close] on [the next house|our new place] [on |]{date}, so this one has to [move|sell] by then
[I start|starting] a new job in {town} [on |]{date}
[estate|the estate] has to be settled by {date}
[need to|have to|must] be out of [the house|here] by {date}
[tenant|our tenant] moves out [on |]{date}, [listing right after|then it can be shown]
""")
