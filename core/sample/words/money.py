"""How people talk about price, loans and readiness to pay."""

# ruff: noqa: E501  (a fragment is one line, however long)

from __future__ import annotations

from typing import Final

from core.sample.grammar import fragments

# {figure}, {low}, {high} are written by core.sample.figures in the lead's own manner.
BUDGET_FIGURE: Final = fragments("""
[our|my|the] budget is [around|about|roughly||right at] {figure}
[we are|I am] [looking|shopping] [around|at about|near] {figure}
[we'd|I'd] like to [stay|land|end up] [around|near|close to] {figure}
price wise [probably|say|call it|] {figure}
{figure} is [the number|our number|what we can do|where I'm comfortable]
[thinking|hoping for] something [around|at about] {figure}
[the bank said|we figured|I ran the numbers and] {figure} [works|is doable|is comfortable]
[looking to|hoping to|want to] spend [about|around|roughly|] {figure}
budget {figure}
[I've got|we have] [about|around|] {figure} to work with
""")
BUDGET_BOUND: Final = fragments("""
[needs to be|has to be|anything|something] under {figure}
[max|tops|absolute max] is {figure}
[we can go|I can go|could stretch] up to {figure}
no more than {figure} [please||if possible|for the right place]
[I don't want|we don't want] to go over {figure}
[up to|below|less than] {figure} [works|would be ideal|is fine|for us]
[our|my] ceiling is {figure}
would like to [keep it|stay] [under|below] {figure}
[trying to|need to] stay [under|below] {figure} [with closing costs|all in|]
""")
BUDGET_RANGE: Final = fragments("""
[our|my] [budget|price range|range] is {range}
[looking|shopping] [in the range of|between|somewhere in] {range}
{range} [is the range|depending on condition|is where we are|would work|]
[somewhere|anywhere|] {range}
[comfortable|happy] [between|with|around] {range}
[price range|budget]: {range}
[we'd|I'd] [consider|look at] {range} [for the right house|if it's move in ready|]
the [lender|bank] thinks {range}, [sounds about right|which seems fair]
""")
BUDGET_VAGUE: Final = fragments("""
[not sure|no idea|honestly not sure] [about|on] [the budget|price|a budget] yet
budget [depends on rates|is up in the air|depends on what my place is worth|is flexible I guess]
[just|mostly] want [something affordable|to see what's out there|a good deal]
[what|how much] do [I|people|you] [need|usually need] [to get in around there|for a starter place]?
[haven't|have not] really [thought about|figured out|looked at] [the money side|numbers|what we can afford]
[cheaper|the cheaper] [is better|the better lol]
prices [seem crazy|are wild] right now so [we'll see|who knows|just watching]
""")
APPROVED: Final = fragments("""
[we are|I am|we're|I'm] pre-approved [with|through] {lender}[ for {figure}|]
[already|] got [our|my] pre-approval [letter |][from|through] {lender}[ last week| on Monday|]
pre-approved up to {figure}[ with {lender}|]
[I have|we have] a preapproval letter [in hand|ready|from {lender}]
[financing is lined up|loan is lined up], [preapproved|pre approved] [with|at] {lender}
{lender} [already preapproved us|preapproved me|pre-approved us][ for {figure}|], [putting|with] {percent}% down
fully underwritten approval [from|through] {lender}
[preapproved|pre approved] already, [conventional|VA loan|FHA] [with|putting] {percent}% down
""")
CASH: Final = fragments("""
[this would be|it'd be|it would be] [a cash purchase|an all cash deal|cash]
[paying|I'm paying|we'd pay] cash[, no financing|, no loan| from the sale of our last place|]
[cash buyer|cash offer] [here|on our side], [no contingencies|can close fast|proof of funds available]
[we|I] [don't|do not] need [financing|a mortgage|a loan], [it's cash|buying cash]
[proof of funds|bank letter] [is ready|available], cash
""")
UNDER_WAY: Final = fragments("""
[talking to|working with|meeting with] [a lender|{lender}] [this week|next week|about a pre-approval|right now]
[started|just started|halfway through] the pre-approval [with {lender}|process|paperwork]
[sent|submitted] [my|our] [documents|pay stubs|W-2s] to {lender}, waiting to hear [back|on the pre-approval]
[applied|just applied] for [a mortgage|preapproval] [with|at] {lender}
[pre-approval|preapproval] is in [progress|the works]
[getting|we're getting|I'm getting] pre-approved [now|this week|with {lender}]
my loan officer [is working on|says she'll have] the pre-approval [letter|] [by {weekday}|soon]
""")
NOT_YET: Final = fragments("""
[not pre-approved yet|not preapproved yet|I'm not pre-approved yet|we aren't pre-approved yet]
[haven't|have not] [talked to|spoken with] [a lender|a bank|any lender] yet
no pre-approval [yet|so far], [is that ok|do I need one|is that a problem]?
[still need to|need to] [work on my credit|pay down some debt|fix my credit] [first|before I talk to a lender|]
[don't have|do not have] [financing|a lender] [figured out|lined up|] yet
[do you know|can you recommend] a [good |][lender|mortgage person]? [haven't started|nothing started yet]
not sure I'd [qualify|get approved] [honestly|right now|with my income]
[need to|gotta] [save more for the down payment|build the down payment] first
""")
SELL_PRICE: Final = fragments("""
[hoping to|would like to|want to] [get|list at|sell for] [around|about|at least|] {figure}
[Zillow says|the zestimate is|an online estimate says] {figure}, [does that sound right|is that realistic|what do you think]?
[neighbors|the house next door|one down the street] [sold for|went for] {figure}
[we'd|I'd] need [at least|around|] {figure} to make [it|the move] work
[thinking of|thinking] listing [around|near|somewhere] {range}
[we|I] owe about {owed}, [so there is some equity|hoping to walk away with something]
""")
MONEY_QUESTIONS: Final = fragments("""
what are the closing costs [usually|on a place like that|roughly]?
[what|how much] are the property taxes [there|on that one|in {area}|a year]?
is there an HOA and how much are the [dues|fees]?
[would|will] the seller [pay|cover|help with] closing costs?
how much earnest money do [we|I] need [to put down|in {area}]?
[does|do] [they|the seller] take [FHA|VA|conventional] [offers|loans]?
[what's|what is] the price per square foot [in {area}|around there]?
how does the option [period|fee] work [in Texas|here|exactly]?
[can we|could we|do people] ask for a rate buydown?
what [happens|do we do] if the appraisal comes in low?
is the [price|asking price] negotiable [at all|you think|after {count} weeks on the market]?
who pays [the title policy|for the survey|for title] [here|in Texas|usually]?
what [commission|fee] do you charge[ for the buyer side| if I list with you|]?
""")
