"""What leads write once a conversation is under way, by how far they have come."""

# ruff: noqa: E501  (a fragment is one line, however long)

from __future__ import annotations

from typing import Final

from core.sample.grammar import Phrase, fragments

# How an answer starts; the facts and questions that follow come from the other modules.
ACKNOWLEDGE: Final = fragments("""
[thanks|thank you|appreciate you|thanks a lot] for [getting back to me|the quick reply|reaching out|the info|sending those]
[sorry|apologies] for the [late|slow] reply, {hassle}
[got it|ok great|perfect|sounds good|makes sense|understood], {thanks}
[yes|yeah|yep], [still looking|still interested|that works|we got your message]
[good question|fair question|hmm let me think]
[just saw this|only seeing this now|saw your message at lunch], {hassle}
[that helps|very helpful], {thanks}
[to answer your question|to your question|as for your question]
[we looked at|I went through|opened] the [list|links|ones you sent] {daypart}
[talked it over|we talked about it|slept on it] last night
[appreciate|I appreciate] [you following up|the follow up|your patience]
ok [so|,] here is [where we are|what we are thinking|the short version]
""")
SHORT: Final = fragments("""
[yes|yeah|yep|sure], [{weekday} works|{clock} works|still looking|go ahead|call me {daypart}]
[maybe|not sure|possibly], [let me check|will let you know by {weekday}|depends on {hassle_short}]
[no|nah|not really], [not yet|just started looking|nothing yet|only online so far]
[ok|k|cool|alright], [will look {daypart}|talk {weekday}|{thanks}|got the list]
[can't talk now|in a meeting|at work], [text me|try {daypart}|try after {clock}|{weekday} is better]
[who is this|which house is this|is this about {street}]? [I asked about a few|filled out a lot of forms|]
[still thinking|still deciding|thinking about it], [give me until {weekday}|ask me in {count} weeks|{area} is tempting]
[busy until {weekday}|out of town until {weekday}], [then free|remind me then|call after]
[email is better|text is better|call is better], [usually free {daypart}|thx|around {clock}]
""")
LOOKING: Final = fragments("""
[saw it|looked at it], [{likes} [is nice|looks ok]|not for me, {dislike}|too pricey for {street}]
[I like|liked] the [one on {street}|{street} one|second one]
[the {street} one|the one on {street}] [is a no|looks good|is too small|has {dislike}|went pending]
[the one on {street}|{street}] [looks promising|caught our eye|is gorgeous|might be too small|needs too much work]
[we|I] [drove by|drove past] {street} [{weekday}|last night|], [liked|didn't love] the [street|block|neighbors' yards]
[any others|got any more|anything else] like the one on {street} [but with {feature}|but cheaper|but a bit bigger|]?
[still|we are still] [not finding|looking for] {feature}, [seems rare|is that too much to ask|maybe we compromise]
[we could live without|I could give up] {feature} [for the right price|if the location is right|]
{dislike} is [a dealbreaker|a hard no|something we can't do]
[saved|I saved|favorited] {count} [on the app|listings|homes], [could you check them|let me know what you think|]
[prices in {area}|listings in {area}] [seem high|keep dropping|go so fast|are all over the place]
[noticed|saw] the price [dropped|came down] on {street}
[can you|could you] send [more like that|ones with {feature}|a few in {area}]?
""")
SHOWING_ASK: Final = fragments("""
[can we|could we|can I|could I] [see|tour|visit|get into] {address} [{weekend}|{weekday} {daypart}|{weekday} at {clock}|tomorrow]?
[I'd like|we'd like|would love] to [see|tour|walk through] the [one|house|place] on {street} [{weekend}|{weekday}|asap|{daypart}]
[is there time|is there a chance|any chance] to [see|view] {address} [{weekday}|{weekend}|before the open house]?
[please|can you|could you] [book|schedule|set up] a showing [at|for] {address}[, {weekday} {daypart} works|, {weekday} at {clock}|]
[free|available|off work] {weekday} {daypart}, can we look at {street} [and {street2}|then|]?
[want to|would like to] [see|look at] {count} [places|homes|of the ones you sent] [{weekend}|on {weekday}], [starting with|first] {street}
[could you|can you] show us {address} [{weekend}|after work|on {weekday}]?
""")
SELLER_VISIT: Final = fragments("""
[can you|could you] [come by|come out|come see the house|walk through] [{weekday}|{weekend}|{weekday} {daypart}|{weekday} at {clock}]?
[when|what day] [can|could] you [come look at|see] the [house|place] on {street}?
[let's|we can] [do|set up|schedule] the [walkthrough|listing appointment|visit] [{weekday} {daypart}|{weekday} at {clock}|{weekend}]
[house|place] will be [ready|clean] {weekday}, [come by|stop by] {daypart}
""")
SAW_IT: Final = fragments("""
[loved|really liked|liked] {likes} [at|on] {street}, [not so sure about|worried about] {flaw}
[{street} was|the {street} house was|that one was] [smaller than the photos|better in person|louder than expected|a lot of house]
[after the showing|since we saw it] we [keep talking about it|can't stop thinking about {likes}|crossed it off]
[thank you|thanks] for [showing us around|the tour|taking the time] {weekday}
{flaw} [would need work|looked rough|scares me], [what would that cost|is that normal for the age|would the seller fix it]?
[not the one|it's a pass|no for us], {dislike}
[second look|could we go back|can we see {street} again] [{weekend}|with a contractor|with my brother|{daypart}]?
[is there|are there] [other offers|any offers|interest] on {street}?
""")
OFFER: Final = fragments("""
[we'd|I'd] like to [make an offer|put in an offer|write an offer] on {street}
[what|how much] should we offer [on {street}|to be competitive|given the days on market]?
[thinking|leaning toward] offering [{figure}|a bit under asking|full price|asking with closing costs]
[can we|could we] [offer|go] [below asking|under list] and [ask for|get] [repairs|a credit|the fridge]?
[when|how fast] would we [need to|have to] [decide|have the offer in] [on {street}|]?
[send|please send] [the disclosures|the paperwork|what we need to sign], [reading tonight|we'll look {daypart}]
[lender|our lender] [says|can get us] [a letter for the offer amount|an updated letter] [by {weekday}|today]
[if they counter|if it goes over], [we walk|we can move a little|we'd go a bit higher]
""")
SELLER_STEPS: Final = fragments("""
[should we|do we need to] [paint|fix {chore}|replace {chore}|stage it] before [listing|photos]?
[when|what time of year|what week] [is best|should we] to list [in {area}|]?
[got|have] [a quote|quotes] for {chore}, [worth it|too much I think|what do you think]?
[when are|what day are] the photos? [we'll be out {weekday}|{chore} needs work first|the dog goes to my sister that day|]
[what|which] repairs [do buyers ask for|matter], {flaw} [is old|works but is old]
[another agent|two other agents] [said|quoted us] [a higher price|a lower fee|the same], [why is yours different|thoughts]?
[ready to|we can] sign the listing agreement [{weekday}|{daypart}|when you send it]
[how long|how many days] [do homes|are homes] [sit|on the market] in {area} [now|these days]?
""")
UNDER_CONTRACT: Final = fragments("""
[inspector|inspection] [is|comes] {weekday} [at {clock}|{daypart}], [will you be there|do we need to be there]?
[read|got] the inspection report, {flaw} [worries us|is the main thing|needs a specialist]
[appraisal|the appraisal] [came back|is scheduled|is ordered] [for {weekday}|at value|, phew|]
[lender|underwriting] [wants|asked for] [another pay stub|a letter of explanation|bank statements again], [sent|uploading] {daypart}
[title company|title] [emailed|called] about [the wire|the survey|the commitment], [is that normal|all good]?
[when|what day] [is the walkthrough|do we get keys|is closing exactly]?
[homeowners insurance|insurance] quote [is in|came in high|done], [sending it to the lender|looking for another]
[movers|the movers] [are booked|booked] for {date_soon}
""")
CLOSED: Final = fragments("""
[thank you|thanks] [for everything|so much]! [we're in|all moved in|got the keys|we love it]
[keys in hand|officially moved in|first night done], [couldn't be happier|boxes everywhere|still looking for the coffee maker]
[we'll be sending|sending] {referrer} your way, [you were great|great experience|{thanks}]
[do you know|can you recommend] a [good |][plumber|electrician|fence guy|painter] [around {area}|]?
""")
GOODBYE: Final[dict[str, tuple[Phrase, ...]]] = {
    "went with another agent": fragments("""
[we ended up|I ended up|ended up] [going with|buying with|using] [another agent|a friend who is an agent|the listing agent]
[signed|we signed] with [someone else|another agent|a broker from {town}], [thank you though|{thanks} anyway|no hard feelings]
[found|already found|bought] [a place|something] through [another agent|a coworker], [you can take me off the list|all set]
"""),
    "bought new construction": fragments("""
[went|we went] with a [builder|new build] [directly|in {area2}|out in {area2}], {thanks} [anyway|for the tours|]
[the builder|a builder] [offered|gave us] a rate [buydown|we couldn't pass up], [so we signed|signed last night]
"""),
    "renewed the lease": fragments("""
[we decided|I decided|decided] to [renew the lease|keep renting|stay in the apartment] [for now|this year|another year], {thanks}
[landlord|our landlord] [dropped the rent|gave us a deal], [staying put|not moving after all]
"""),
    "prices too high": fragments("""
[rates are|it's all] too [high|much] [for us|for me] [right now|], [maybe next year|putting it off|we'll wait]
[lost out again|outbid again], [taking a break|we're done for this year|giving up for now]
"""),
    "plans changed": fragments("""
[plans changed|things changed|job fell through], [not moving|staying in {town}|on hold for now], {thanks}
[transfer|the transfer] [got cancelled|is off], [so no move|staying where I am]
[going to|we'll] [wait|hold off] [until things settle|for now|until {month_after}], {thanks}
"""),
    "just browsing": fragments("""
not [looking|interested] [anymore|any more|right now], [sorry|{thanks}|good luck]
[was|I was] [just curious|only browsing|killing time], [not buying|sorry to waste your time|no plans]
"""),
    "asked not to be contacted": fragments("""
[please|] [take me off|remove me from] [your list|the list|these texts], {thanks}
[stop|unsubscribe|STOP|wrong person, stop|please stop texting|no more messages please]
[how did you get|where did you get] [my number|this number]? [don't contact me|please delete it|not interested]
"""),
    "decided not to sell": fragments("""
[we decided|decided] [not to sell|to stay|to keep the house], [maybe next year|{thanks} for your time|it's the interest rate]
[going to|we'll] [rent it out|remodel] instead, {thanks}
"""),
    "listed with another agent": fragments("""
[we listed|listed] with [another agent|someone from {town}|the agent next door], [thanks anyway|{thanks} for your time]
[my|our] [brother-in-law|neighbor] [got his license|is an agent], so [listing with him|keeping it local]
"""),
}
SELLER_CONTRACT: Final = fragments("""
[buyers|the buyers] [asked for|want] [a credit for {flaw}|repairs on {flaw}|{chore} replaced], [is that reasonable|what would you do]?
[appraiser|the inspector] [was here|came by] {weekday}, [took two hours|seemed happy|asked about {flaw}]
[when|what day] do we [sign|hand over keys|have to be out]?
[title|title company] [needs|asked for] [the payoff statement|our survey|the HOA documents], [sending it|where do I find that]?
[movers are|moving truck is] booked for {date_soon}, [still okay|does that fit]?
[do we|should we] leave [the fridge|the curtains|the ring doorbell]?
""")
QUESTIONS: Final = fragments("""
[how long|how many days] has [it|{street}] been on the market?
[is|are] the [seller|sellers] [motivated|flexible|living there still]?
[what's|what is] [the neighborhood|{area}|that street] like [at night|these days|for walking|for traffic]?
[how old|what year] is [the roof|the AC|the house|the water heater]?
[any|were there any] [foundation|flooding|plumbing|roof] [issues|problems|repairs] [there|on that one|disclosed]?
[what|what do you think it] [would rent for|could rent for], [roughly|ballpark]?
[did|does] it [flood|have termites|get much street noise]?
[is there|does it have] {feature}?
[how|what] [is|would] the commute [from {area}|to {employer}] [be|at rush hour|in the morning]?
[can|could] we [add a fence|put in a pool|rent it out|build an ADU], [any HOA rules|deed restrictions|]?
[is it|are they] [under contract|taking backups|reviewing offers on {weekday}]?
""")
EASY_QUESTIONS: Final = fragments("""
[what|when] [is the next step|do we start|works for you]?
[do you have|got] [pictures|more photos|a video|a floor plan] [of it|of {street}|]?
[are you|is someone] [free|around|available] {weekday}?
[can you|could you] [call|text|email] me [{daypart}|after {clock}|{weekday}]?
[how does|how would] [this|it|the process] work?
[what|how much] [is it|are they asking|for that one]?
[any|is there any] [chance|way] [to see it|of a discount|to lease it instead|of rent to own]?
[do you|does your team] [cover|work in|know] {area} [much|well|too|]?
[which|what] [one|area] [would you pick|do you like best|is cheapest]?
[is|was] [that|{street}] the [blue one|one on the corner|one with {feature}]?
""")
CLOSINGS: Final = fragments("""
{thanks}
{thanks}!
[talk|speak] [soon|then|{weekday}]
[let me know|let us know|keep me posted]
[looking forward to it|looking forward|can't wait]
[best time to reach me is {daypart}|text is best|email is best|call {daypart}]
[have a good|enjoy your|have a great] [one|day|weekend|evening]
[no rush on a reply|whenever you get a chance|at your convenience]
""")
SPANISH_HELLO: Final = fragments("""
[hola|buenos días|buenas tardes|hola, qué tal][ {agent_first}|]
""")
SPANISH: Final = fragments("""
[gracias|muchas gracias|mil gracias][ {agent_first}|]
mi [hermano|prima|compadre|vecina] [también está buscando|me recomendó con ustedes|ayuda con el enganche]
[ojalá se pueda|a ver si se puede|primero Dios]
[habla español|hablan español]? [my english is ok but easier for details|si no, no problem|]
[avíseme|me avisa] [por favor|cuando pueda|si sale algo]
""")
CHATTY: Final = fragments("""
[lol|haha] [sorry for the novel|I talk too much|this market, right|don't judge me]
[so|super|really] [excited|nervous|ready for this|over apartment hunting]!
[oh and|also|ps] [we love tacos so anything near good tacos|my dog is the real boss here|I bake for my realtors]
[it's been|what] a [day|week], [{hassle}|the traffic on {highway} was something|this heat though]
[honestly|not gonna lie|real talk], [this is a lot|I could look at houses all day|{likes} will decide it]
""")
