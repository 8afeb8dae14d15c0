"""What the team's bot and its agents write."""

# ruff: noqa: E501  (a fragment is one line, however long)

from __future__ import annotations

from typing import Final

from core.sample.grammar import fragments

BOT_HELLO: Final = fragments("""
Hi {first}, this is Jorge, the assistant of {agent}'s team. [Thanks for reaching out|Thanks for your interest]! [Are you looking to buy, sell, or both?|What brings you our way?|How can we help?]
Hi {first}! Jorge here, I help {agent}. I [saw|got] your [message|request]. [Which part of town are you looking at?|When would you like to move?|What are you looking for?]
[Hello|Hey] {first}, Jorge with {agent}'s team. [A few quick questions so we don't waste your time:|So that I can point you the right way:] [what area and what kind of home do you have in mind?|when would you like to be in, and are you working with a lender?]
{first}, thanks for contacting us! I'm Jorge, the team's assistant; {agent} will follow up in person. [Meanwhile: have you seen any homes yet?|What matters most to you in the next home?]
""")
ASK_MONEY: Final = fragments("""
[Got it, thank you.|Great, noted.|Thanks, {first}.|Perfect.] [Do you have a price range in mind?|What would you like to spend, roughly?|Is there a number you want to stay under?]
{first}, [one thing that helps me:|to narrow it down:] [what monthly payment or price feels right?|where does the budget start and stop?]
""")
ASK_LOAN: Final = fragments("""
[Makes sense.|Thank you!|Good to know.] [Have you talked to a lender yet?|Are you pre-approved, or would you like an introduction to a lender?|Will you be financing or paying cash?]
[And the boring part:|One more, {first}:] [is there a lender in the picture?|how would you pay for it, loan or cash?|any pre-approval so far?]
""")
ASK_TIME: Final = fragments("""
[Noted.|Super.|Thanks!] [When do you hope to be moved?|Is there a date you have to be out by?|How soon would you like to move?]
[By when|How soon] would you like to be in, {first}? [A rough month is enough.|No pressure, just so I know.|]
""")
ASK_HOME: Final = fragments("""
[Okay!|Thank you, {first}.|All right.] [Any must-haves?|What would be a deal breaker?|Anything in particular the house needs?]
[What does the home need to have?|How many bedrooms, and what can you not live without?|What made you pick that one?]
""")
ASK_PLACE: Final = fragments("""
[Thanks.|Great.] [Which neighborhoods do you like so far?|Is there an area you have ruled out?|Would you look outside of {area} too?]
[Where in town|Which side of town] [works for your commute|feels right], {first}? [I know them all.|]
""")
ASK_VISIT: Final = fragments("""
[Understood.|Got that.] [Would you like to see something in person this week?|Shall I put {agent} on the calendar for a quick call?]
[Want to walk through one or two {weekend}?|{agent} has time {weekday}, shall I book it?]
""")
ASK_SELLER: Final = fragments("""
[Thank you!|Good to know.|Got it.] [Tell me about the house: size, age, anything you updated?|Have you had it valued before?]
[What is the reason for selling, if I may ask?|Are you buying another place too, {first}?|Any price in mind for {street}?]
[Thanks, {first}.|Great.] [Would you like {agent} to come by {weekday}?|Shall I send recent sales around {street}?]
""")
BOT_ASKS: Final = (ASK_MONEY, ASK_LOAN, ASK_TIME, ASK_HOME, ASK_PLACE, ASK_VISIT)
FIRST: Final = fragments("""
Hi {first}, [this is|it's] {agent}. [Thanks for reaching out|Saw your note come in] about {area}. [Do you have a few minutes {daypart} for a call?|What's a good time to talk?|Happy to send a few options, anything you want to avoid?]
{first}, {agent} here. [I can get you into homes in {area} {weekend}.|I work {area} a lot and have a few ideas.|I pulled some homes in {area} for you.] [Would {weekday} work?|Want me to send them over?|What did you think of the photos?]
[Good morning|Hello|Hi] {first}, {agent} with Jorge's team. [I just tried to call you|I left you a voicemail]. [When is a good time?|Text is fine too.|Is {weekday} {daypart} better?]
Hi {first}! {agent} here. [{street} is a nice one|I know that street well]. [Want to walk through it {weekend}?|Would you like the disclosures?|Is that the kind of home you have in mind?]
""")
ANSWER: Final = fragments("""
[Thanks|Thank you], {first}. [I'm sending|Here come] {count} [more|listings] [with {feature}|in {area}|that fit]. [Which one do you like best?|Tell me what you hate about them, that helps.|Shall we look at one {weekend}?]
[That makes sense|Understood|Noted], {first}. [Would you consider {area2}?|Is {feature} a must?|How firm is {month}?|Would you like me to introduce you to {lender_contact}?]
[Sounds good|Perfect|Will do], {first}. [I'll set up {street} and confirm.|Let me make a call and confirm {weekday}.|I'll have the list over {daypart}.] [Is {clock} okay?|Any other questions?|Anything new on the loan?]
[I hear you|I get it], {dislike} [is no fun|is hard to undo]. [Let me filter those out.|I'll keep looking around {street}.|What about {area2} then, {first}?]
[Love it|Fair enough|All clear], {first}. [I have {street} in mind for that.|That narrows it down to {area}.|I will watch {street} for you.] [Is there anything you did not like so far?|When could you see it?|Talk {weekday}?]
{first}, [got it|noted], [so {feature} matters|no {dislike_short}]. [I will send a few tonight.|Give me until {weekday}.|I have two in mind near {street}.]
""")
ANSWER_QUESTION: Final = fragments("""
[Good question|Great question|Happy to help], {first}. [I'll check with the listing agent and get back to you {daypart}.|Taxes run about 2% in {area}; I'll send the exact figure.|The seller on {street} has had it on for a few weeks, so there may be room.] [Does {weekday} work to see it?|Anything else you want to know first?]
[Let me look into that|I'll find out], {first}. [{street} has had some price changes|the HOA office on {street} is slow to answer|title should know about {address}]. [More {weekday}.|I'll text you {daypart}.]
[Most buyers in {area} put down 5 to 20%|Option periods in {area} are usually seven to ten days|Sellers around {street} are paying some closing costs again], {first}. [Does that fit your plan?|Want me to run the numbers?|Shall we talk it through {weekday}?]
[On|About] {flaw}: [I'd have the inspector look at it|I can get a quote from someone we use|older homes in {area} often have that], {first}. [Shall I arrange it for {weekday}?|It's rarely a deal breaker.|Let's see it in person first.]
[Funny you ask|You read my mind], {first}: [a home with {feature}|one without {dislike}] [just came up|is coming soon] [on {street}|near {street}]. [{weekday} at {clock}?|Photos in a minute.|Want a look before the open house?]
{first}, [short answer: yes|it depends on the lender|usually the seller does|about two weeks in my experience|no, not in {area}]. [Longer answer by phone {daypart}?|I can send the details.|Does that help?]
[Checked with the listing agent|Asked around], {first}: [no offers on {street} yet|two offers on {street}, review is {weekday}|they would look at {weekday}]. [Want to go see it?|Shall I keep you posted?|How do you feel about that?]
""")
CHECK_IN: Final = fragments("""
{first}, [I saw {street} today|previewed a home on {street} this morning]: [{feature}, but {flaw} is old|better than the photos|priced to move]. [Curious?|Should I send my video?|Worth a look {weekday}?]
Hi {first}, [quick one|short question]: [is {area} still the plan?|would {area2} work too?|any news from the bank?|would you rather have {feature} or a shorter commute?]
[Happy {weekday}|Hope your week is going well], {first}. [There is an open house on {street}.|{street} is open {weekend}.|A client of ours is about to list on {street}.] [Shall I put you down?|Want the details?|Coming?]
Hi {first}, [just checking in|following up|circling back]. [Still looking in {area}?|Did you get a chance to look at the list?|Has anything changed on your side?]
{first}, [something new came up|a new one popped up] on {street} [with {feature}|]. [Want to see it {weekend}?|Want details?|Should I send it?]
Hi {first}, {agent} here. [The place on {street} dropped its price.|{street} went under contract, similar one around the corner.|Two homes you might like hit the market.] [Interested?|Shall I send them?|Would you like to go see?]
[Good morning|Hello] {first}! [What would be most useful right now: more listings, a lender, or some peace and quiet?|Has the search criteria changed at all?|Are you still hoping to move by {month}?]
{first}, [I have a gap {weekday} {daypart}|I'll be around {street} {weekday}]. [Want to look at one or two homes?|Should I open {street} for you?]
""")
DRIP: Final = fragments("""
[{area} this week|Your {area} update|Market note], {first}: {drip_topic}. [Reply if you would like the list.|Want the numbers?|Just hit reply with questions.]
{first}, [a quick note on|we wrote up] {drip_topic} in {area}. [Curious what you think.|Let me know if you would like details.|Happy to talk it through.]
[Still thinking of {area}, {first}?|Hi {first}, still on the hunt?] [This month:|New on the blog:] {drip_topic}.
Hi {first}, {agent_first} here. [No pressure|No need to answer]: {drip_topic}, [with homes on {street} moving first|and what it means for {area}].
""")
AFTER_SHOWING: Final = fragments("""
[Great seeing you|Good to see you], {first}! [What did you think of {likes}?|How do you feel about {street} a day later?|On a scale of 1 to 10, how did it feel?]
{first}, [thanks for coming out|glad you made it]. [Want me to pull comps for {street}?|Should we talk about what an offer could look like?|Want to see it once more with fresh eyes?]
""")
SELLER_FOLLOW: Final = fragments("""
Hi {first}, {agent} here. [I ran some numbers for {street}|I put together recent sales around {street}]. [Do you have {minutes} minutes {daypart} to go over them?|Want me to email the report?|Could I see the house {weekday}?]
{first}, [two homes near {street} just sold|there are buyers looking in {area} right now]. [Have you thought about timing?|What has you thinking of selling?|Any work done since you bought?]
[Thanks|Thank you], {first}. [I'd wait with {chore} until I've seen it.|Photos make the biggest difference.|{weekday} works for a walkthrough.] [Is {clock} okay?|Anything else on your mind?|How soon would you like to be on the market?]
Hi {first}, [just checking in|following up] on {street}. [Any decision on timing?|Still planning for {month}?|Did the valuation make sense?]
""")
CONTRACT_NOTE: Final = fragments("""
{first}, [quick update|status]: [option period ends {weekday}|inspection is set for {weekday} at {clock}|the appraiser has access {weekday} {daypart}]. [Questions?|I'll meet you there.|Call me if you need anything.]
Hi {first}, [title has the earnest money for {street}|lender has everything for {street}|underwriting asked for one more bank statement]. [Can you send it by {weekday}?|All on track.|Nothing for you to do before {weekday}.]
[Almost there|On track], {first}. [Walkthrough {weekday} at {clock}.|Please double check wire instructions by phone with title before {weekday}.|Utilities for {street} can be switched to your name now.]
{first}, [I spoke with title|I spoke with the other agent] {daypart}: [closing is at {clock} on {weekday}|they are waiting on the survey|{flaw} is settled in the amendment]. [All good on your end?|Holler with questions.|]
""")
AFTER_CLOSING: Final = fragments("""
Congratulations again, {first}! [How is the new place?|Enjoy the house.|Let me know if you need a plumber or a painter.]
{first}, [it was a pleasure|thank you for trusting us]. [A review would mean a lot to the team.|We're here whenever you need anything.]
""")
CALL_NOTES: Final = fragments("""
Called {first} [about {street}|back|as agreed], no answer, left voicemail [about {feature}|with my number|, will try {weekday}]
Spoke with {first} for {minutes} min[, wants to think until {weekday}|, sounded {mood}|, asked to be called {daypart}|, likes {street}|, does not want {dislike}]
Called {first}, [line busy|went to voicemail|call dropped|asked for a text instead], [next try {weekday}|sent {street} by text|]
Tried {first} again, no luck, [{weekday} next|texting about {street}|moved to e-mail]
Voicemail for {first}: [{street}|price on {street}|showing {weekday}|lender intro]
{first} picked up, [driving, call back {daypart}|{minutes} min on {area}|wants {feature}|in a meeting, try {weekday}]
""")
SIGNATURES: Final = (
    "Jorge's team, Austin, Texas",
    "Jorge's team | homes in and around Austin",
    "with Jorge's team",
    "Realtor, Jorge's team\nLicensed in Texas",
)
