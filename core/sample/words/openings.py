"""First messages, by where they come from, and greetings."""

# ruff: noqa: E501  (a fragment is one line, however long)

from __future__ import annotations

from typing import Final

from core.sample.grammar import Phrase, fragments

LISTING: Final = fragments("""
[I'm|I am|we're|we are] interested in {address}[ in {area}|]
[is|Is] {address} still [available|on the market|active]?
[saw|just saw|came across] {address} [online|on {portal}|on {portal} today] and [love it|would like to know more|want to see it]
[can I|can we|could we|could I] [see|tour|visit|take a look at] {address} [{weekend}|this week|sometime this week]?
[I would like|I'd like|we'd like] more information [about|on] {address}[, {area}|]
[what can you tell me|tell me more] about {address}?
[does|did] {address} [have an open house|get any offers yet|have {feature}]?
[the house|the place|the listing] at {address}, [is it still for sale|any offers on it|what's the story]?
[question|quick question] about {address}: [does it have|is there] {feature}?
{address} - [still available|tour please|details please|price firm]?
""")
SEARCH: Final = fragments("""
[looking for|searching for|in the market for] a [house|home|place|condo|townhome] [in {area}|around {area}]
[found|came across] your [site|website|page] [while searching for|looking at] homes in {area}
[could you|can you|would you] [help me|help us] [find|look for] [something|a home|a place] [in {area}|around town]?
[hi, |]I'd like to [start looking|set up a search|get listings] [for homes |]in {area}
[filled out|used] your [home search|valuation tool|form], [what happens next|curious what you have|]
[interested in|curious about] [homes|places|listings] [in|around] {area}
[please|] send me [listings|what you have|new listings] in {area}
we [are thinking about|have been thinking about|decided on] [buying|moving] [in|around] {area}
""")
REFERRED: Final = fragments("""
[my coworker|my friend|my neighbor|my cousin|my boss|our accountant] {referrer} [gave me your number|said to call you|recommended you|used you last year]
{referrer} [referred me|sent me your way|said you're the best|told us to reach out][, you sold {them} house|]
[got your name|got your contact] from {referrer}[, who bought with you|]
you helped {referrer} [buy|sell] [in {area}|a place last year|their condo], [hoping you can help us too|we need an agent too]
{referrer} at {employer} [speaks highly of you|said you'd take care of us]
""")
RETURNING: Final = fragments("""
[it's been a while|long time no talk]! [you helped us|you sold us our place|we worked together] [in {year}|a few years back]
[remember me|remember us]? you [sold us|found us] [the place on {street}|our house] [in {year}|]
we're [ready for|thinking about] [the next one|another move|our next house], [obviously calling you first|and want you again]
hope [you're doing well|all is well]! [ready to do this again|we want to move again|thinking of moving up]
[since you did such a good job last time|last time went so well], [we want to work with you again|you're our first call]
""")
OPEN_HOUSE: Final = fragments("""
[met you|met|stopped by|came through] [at|] the open house [on {street}|at {address}|last {weekday}]
[nice meeting you|good to meet you] at the open house on {street}
[loved|liked|really liked] {likes} [at|in] the [open house|house on {street}]
open house visitor: [just neighbors being curious|seriously interested|looking around the area|first one we've seen]
we [walked through|toured] {address} on {weekday}, {likes} [was great|sold us|was nice]
""")
SOCIAL: Final = fragments("""
[saw your ad|saw this ad|saw your post|your video popped up] [on Facebook|on Instagram|in my feed]
[how much|price]?
[interested|more info please|info please|more details]
[is this|are these] [still available|legit|in {area}]?
[send me|can I get] the list [of homes|of foreclosures|please]
[that house in the video|the one in the ad], [where is it|is it in {area}|how much is it]?
[no money down|the no down payment thing], [is that real|how does that work]?
""")
SEARCH_AD: Final = fragments("""
[googled|searched] [homes for sale in {area}|realtor near me|{area} realtor] and [found you|you came up]
[need|looking for] [a realtor|an agent] [in {area}|who knows {area}|that answers the phone]
[what homes|what listings] do you have [in {area}|around {area}]?
[your reviews|your google reviews] [look good|are great], [looking for help in {area}|would like to talk]
""")
SIGN: Final = fragments("""
[driving by|just drove past|standing in front of|walked by] your sign [on {street}|at {address}]
[saw|just saw] the sign [on {street}|at {address}], [how much are they asking|what's the price|can I see inside]?
calling about [the house|the sign] [on {street}|at {address}], [price|what are they asking|is it sold yet]?
""")
SELLING: Final = fragments("""
[thinking about|considering|looking at] selling [our|my] [house|home|place|condo] [at {address}|on {street}|in {area}]
[what|how much] [could|would] [our|my] [house|place|home] [at {address}|on {street}] [sell for|go for|be worth]?
[I'd like|we'd like|would like] [a home valuation|a market analysis|to know what our house is worth|a quote on listing]
[need|want] to [list|sell] [our|my] [home|house] [at {address}|in {area}]
[inherited|I inherited|we inherited] a house [at {address}|on {street}] and [want to sell it|not sure what to do with it]
[are you taking|do you take] listings in {area}?
""")
BOTH_SIDES: Final = fragments("""
[need to|have to|want to] sell [our|my] place [on {street} |][and|then] buy [in|something in] {area2}
[selling|we're selling] in {area} and [buying|looking to buy] in {area2}, [can you do both|not sure which comes first]
[want to|hoping to] trade [up|down] from {area} to {area2}
""")
HELLO: Final = fragments("""
hi
hello
hey
hi there
hello there
good [morning|afternoon|evening]
hi {agent_first}
hey {agent_first}
hello {agent_first}
""")
BY_SOURCE: Final[dict[str, tuple[tuple[Phrase, ...], ...]]] = {
    "Zillow": (LISTING, LISTING, LISTING, SEARCH),
    "Realtor.com": (LISTING, LISTING, SEARCH),
    "Website": (SEARCH, SEARCH, LISTING),
    "Referral": (REFERRED,),
    "Open House": (OPEN_HOUSE,),
    "Facebook Ads": (SOCIAL, SOCIAL, SEARCH),
    "Google Ads": (SEARCH_AD, SEARCH),
    "Past Client": (RETURNING,),
    "Sign Call": (SIGN,),
}
