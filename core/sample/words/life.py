"""What people tell about themselves: work, experience, household."""

# ruff: noqa: E501  (a fragment is one line, however long)

from __future__ import annotations

from typing import Final

from core.sample.grammar import fragments

STEADY_JOB: Final = fragments("""
[I've|I have] been [with|at] {employer} for {years} years
[work|I work|working] at {employer}, {years} years now
[I'm|I am] {a_job}[ at {employer}|], [same job|been there] for {years} years
[full time|salaried] {job} [at {employer}|for {years} years]
[W-2 income|two W-2 incomes|stable W-2 income], [{employer} and {employer}|at {employer}|no debt]
tenured [at UT|position at UT], so [not going anywhere|the job is stable]
[permanent position|full-time position] at {employer} since {year}
""")
NEW_JOB: Final = fragments("""
just [started|got hired] at {employer}
[got|just got] a [new job|promotion|transfer] [at|with] {employer}
[transferring|moving over] to the Austin office [from {town}|next quarter|in {month}]
[signed|accepted] an offer [from|at] {employer}[ last week|]
""")
SHAKY_JOB: Final = fragments("""
[I'm|I am|we're] self-employed, [income goes up and down|two years of returns|not sure how that works with lenders]
[between jobs|in between jobs] [right now|at the moment]
[laid off|got laid off] [in {month}|a while back], [still looking|interviewing now]
[freelance|contract work|gig work] [mostly|right now], [so income varies|]
[part time|seasonal work] [at the moment|for now]
""")
NEVER_BOUGHT: Final = fragments("""
first time [buyer|home buyer|buying] [here|so bear with me|]
[this would be|it'd be] [our|my] first [home|house|place]
[never|I've never|we've never] bought [a house|a place|anything] before
[new to this|total beginner|brand new to all this]
[still renting|been renting] [for {years} years|in {area}|]
""")
BOUGHT_BEFORE: Final = fragments("""
[we own|I own|own] [a home|a place|a condo] in [{town}|{area2}] [already|now|]
[sold|we sold|just sold] [our|my] [house|place|condo] in {town}[ last year| in {year}|]
[bought|I bought|we bought] [our first place|a house] in {year}, so [know the drill|not our first rodeo|been through this]
[second|third] [home|house] for us
[we|I] have [bought|sold] before[, different market though| in {town}|]
""")
INVESTOR: Final = fragments("""
[I have|we have|own] {count} rentals [already|in {town}|around town]
[this is|looking for] an investment property, [have|own] {count} [doors|units|rentals]
[doing|part of] a 1031 exchange [out of a duplex|from {town}|]
[I invest|we invest|investor], [usually buy two a year|bought several around here|cap rate matters more than looks]
[adding|want to add] to [our|my] rental portfolio
""")
TERMS: Final = fragments("""
[happy|fine] with an escalation clause [if needed|if there are multiple offers|]
[what|which] comps [did they use|support that price|are you seeing]?
[we'd|I'd] waive the [appraisal contingency|option period] [for the right one|if it comes to that]
[I saw|noticed] [it's|it was] [back on the market|pending|contingent], [what happened|do they take backups]?
[days on market|DOM] [is|looks] [high|long] for that street, [anything wrong|is the seller motivated]?
[want|would want] a [7|10] day option period and [a seller concession|a survey|title of our choice]
[was|is] it [listed on the MLS|an off market deal|in the MLS yet]?
[what cap rate|what does it rent for|what's the gross yield] [there|on the duplex|]?
[the lot is in the floodplain|is it in the MUD district], right? what's the tax rate?
earnest money [is no problem|can be wired same day], 1 to 2% [is standard right|I assume]
[can you send|could you pull] the seller's disclosure [and the survey|and last year's tax statement|]?
[we can do|could do] a leaseback [of two weeks|of a month|if the seller needs it]
""")
FAMILY: Final = fragments("""
[we have|we've got] {kids} [kids|children][ and a dog|]
[family of {family}|we are a family of {family}]
[baby|our first baby|a second baby] [on the way|due in {month}]
[the twins|our kids|the kids] [need|want] [their own rooms|a yard to play in|more space]
[our|my] [daughter|son] [needs a bigger room|wants a room to practice drums in]
[growing|our growing] family, [need more space|running out of room]
[my parents|my mother-in-law] [will live with us|are moving in with us] too
it's [the two of us|my husband and me|my wife and me] [and|plus] [our {kids} kids|a toddler|a newborn]
""")
SCHOOLS: Final = fragments("""
[good schools|schools] [are important|matter a lot|are a big factor] [to us|for us|]
[want|would like|need] to be in [a good school district|Eanes ISD|Round Rock ISD|Leander ISD]
[which|what] [elementary|elementary school|middle school] [is it zoned to|does that street feed into]?
how are the schools [in {area}|there|around there]?
school ratings [matter|are the main thing] for us
close to [a good elementary|a good high school|schools] [please|if possible|]
""")
REASON: Final = fragments("""
[moving|relocating|coming] from {town}[ this year| for work|]
[working from home|remote now] and [need more space|going crazy in {sqft_small} square feet]
[want to|hoping to] be closer to [work|friends|downtown|the lake]
[downsizing|looking to downsize], [too much house|stairs are getting old|yard is too much work]
[outgrown|have outgrown] [our|my] [place|apartment|condo]
[commute|my commute] to {employer} is [killing me|an hour each way|too long]
traffic on {highway} is [awful|no joke], want to live nearer to [work|things|{employer}]
[looking|want] to be nearer to [friends|the trail|good coffee|live music]
a friend [bought|just bought] in {area} [and loves it|and it got me thinking|]
[want|need] a second place [for weekends|near the lake|for when we're in town]
""")
RENTER_REASON: Final = fragments("""
[rent|our rent] went up [again|way too much], [tired of it|done with that]
[tired of|sick of|done with] [renting|our landlord|apartment life|paying someone else's mortgage]
[same rent|rent] as a mortgage at this point, [so why not|makes no sense to keep renting]
[upstairs neighbors|thin walls|no parking at our apartment], [want|need] [our own place|something of our own|out]
""")
