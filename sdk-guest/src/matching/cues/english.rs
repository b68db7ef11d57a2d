//! English words for the cues, and words of other languages that are spelt the same.

use super::Cue::{self, *};

#[rustfmt::skip]
pub(in crate::matching) const ENGLISH: &[(Cue, &str)] = &[
    // Someone is to be asked something.
    (Ask, "\
        ask|asking|inquire|enquire|inquiring|find out|check|see if|see whether|know|learn|determine|\
        figure out|look into|question|call|ring|contact|clarify|verify|what|which|how|when|where|who|\
        whats|inform me|tell me|tell us|speak with|speak to|talk with|talk to"),
    (Question, "\
        does|do|is|are|can|could|will|would|did|have|has|may|any"),
    (Light, "\
        do|doing|make|making|file|filing|run|running|conduct|lodge|raise|submit|have|need|want|ask for|\
        asking for|get|request|demand|carry out|hold|place|push for|seek|claim"),
    // Something is to be got.
    (Get, "\
        get|obtain|collect|request|fetch|gather|receive|solicit|secure|source|need|want|looking for|\
        look for|require|would like|id like|try|seek|find|give me|send me|provide|wants|needs|\
        would love|hoping|ask for|asking for|have them|make them|let us have|have him|have her|\
        please have"),
    (Tell, "\
        tell|inform|let .. know|message|pass on|pass along|relay|say|notify|announce|explain|mention|\
        thank|wish|congratulate|leave word|advise|warn|report that|express|agree with the new|i agree|\
        agree to|apologize to|apologise to"),
    (Not, "\
        not|dont|don t|do not|never|without|no|nor|rather than|instead of|no need to|avoid|refrain|wont|\
        not to|isnt about|isnt to"),
    (Whose, "\
        my|our|his|her|their|your|existing|upcoming|current|todays|tomorrows|this|original"),
    (Ours, "\
        our|ours|we"),
    (That, "\
        that|because|since|given|considering|cuz"),
    (If, "\
        if|in case|unless|otherwise|should they"),
    (And, "\
        and|then|but|or|also|afterwards|so"),
    // The rules of a business, and what everyone may know of it.
    (Policy, "\
        refund policy|return policy|cancellation fee|price tag|price policy|cancel policy|take bookings|\
        take reservations|need a reservation|whether they need a reservation|how old|how to|how do i|\
        how can i|where can i|do i need"),
    (Fact, "\
        opening hours|opening times|business hours|hours|open|opens|close|closes|closed|closing|address|\
        parking|park|directions|located|location|wifi|wheelchair|accessib*|vegan|vegetarian|gluten|\
        halal|allerg*|dress code|dogs|dog friendly|pet friendly|pets|kids menu|high chair*|\
        email address|phone number|card payment*|pay by card|take cards|accept cards|accept card|\
        credit cards|hiring|lost property|lost|left behind|left my|holiday hours|who owns|speak english|\
        deliver to|kid friendly|in charge of|name of the|right person|pillows|towels|password|\
        ingredients|wifi password|code|public transport|pizza|pizzas|groceries|takeaway|takeout|\
        library books|empty|water my plants|gift wrap|recipe|wake us|wake me|vegan cheese|bus|train|\
        route|passport is needed|documents do i need|which documents|what documents|which papers|\
        need to bring|what to bring|should bring|accept returns|returns without|desk is|staffed|\
        how long the|power outage|gas leak|accept their|reservation desk|front desk|lost cats|\
        lost credit card|lost card|jump start|weather is|near the bridge|which floor|opening|\
        complaint desk"),
    // Words that are never a misspelling of another.
    (Plain, "\
        office|person|clinic|garage|restaurant|customer*|client*|business*|service*|school|store|shop|\
        hr lead|team lead|previous|frau|tire change|tyre change|name change|removed from|residence|\
        electricity|look at the fuse|tariffs have|parking ticket|changes|reception|contract changes|\
        landlord|homeowner|supplier|owner|contractor|applicant|tenant|patient|student|parent|neighbor|\
        neighbour|member|employee|will negotiate|negotiate later|ill negotiate|may negotiate|\
        competitors customers|we accept|accept their offer|sent the money|received any|credit card|\
        practice|days late pls|already have|shift that|night shift|author of|survey is|\
        i booked the wrong|my mistake|trail|negotiations|reset|they sell|you sell|he sells|she sells|\
        store sells|shop sells|collected"),
    // When.
    (Time, "\
        monday*|tuesday*|wednesday*|thursday*|friday*|saturday*|sunday*|mon|tue|tues|wed|weds|thu|thur|\
        thurs|fri|sat|sun|tomorrow|tmrw|tmr|tonight|today|tonite|weekend|morning|afternoon|evening|noon|\
        midday|midnight|oclock|am|pm|next week|this week|january|february|march|april|june|july|august|\
        september|october|november|december|jan|feb|aug|sept|oct|nov|dec|asap|lunchtime|nights|\
        one night|earliest|soonest"),
    (People, "\
        people|persons|guests|pax|adults|kids|party of|group of|of us|for two|for three|for four|\
        for five|for six|for seven|for eight|for ten|for twelve|couple"),
    (Limit, "\
        max|maximum|at most|no more than|up to|under|below|ceiling|walk away|less than|or less|\
        or better|target|limit|budget|tops|no higher|most i pay|at the most|not above"),
    // To book something new.
    (Book, "\
        book|booking a|booking an|booking the|reserve|reserving|hold .. table|hold .. room|hold .. spot|\
        bookin|rent a|rent an|rent the|hire a car|hire an|hire a van|get .. table|need .. table|\
        want .. table|get .. room|find .. table|find .. room|snag .. table|grab .. table|sign .. up for|\
        sign up for|enroll|enrol|make sure i have a room|keep .. seats|keep .. seat|keep .. table|\
        keep .. spot|put .. hold on|put a hold|save .. seats|save .. spot|save .. table|sign me up|\
        sign us up|sign him up|sign her up|hire .. for|block .. room|lock .. in|secure .. table|\
        secure .. tickets|first opening|get us in|getting us in|get us onto|get me onto|onto the|\
        on the list for|name on the list|put my name|put us on|put me on|join the|i want to try on|\
        to be seen|be seen by|move in on|charter|catering for|get .. of us in|get .. in at|\
        wanting to eat|want to eat|eat there|like to dine|want to stay at|bok|bokk|for an appointment|\
        for a .. appointment"),
    (Booking, "\
        booking|bookings|reservation|reservations|rsvp|rsv|resv"),
    (Arrange, "\
        schedule|scheduling|arrange|arranging|setup|make|fix|organise|organize|plan|put in|sort out|\
        line up|set"),
    (Seat, "\
        table|tables|room|rooms|suite|court|hall|venue|campsite|spot|seat|seats|lane|lanes|tee time|\
        parking space|booth|patio|terrace|motel|hostel|bed|beds|bungalow|chalet|villa|guesthouse|tent|\
        pitch|ballroom|auditorium|classroom|desk|cubicle|bay|dock|banquet|romm|tbl"),
    (Visit, "\
        appointment|appointments|appt|appts|apptmt|checkup|checkups|check up|check ups|haircut|haircuts|\
        hair cut|consultation|consult|session|viewing|meeting|massage|visit|dental cleaning|\
        teeth cleaned|physical|vaccination|vaccine|flu shot|blood work|mri|x ray|facial|manicure|\
        pedicure|fitting|slot|slots|inspection|lesson|lessons|job interview|my interview|oil change|\
        tune up|grooming|therapy|tour|mot|photo shoot|root canal|filling|crown|screening|trim|blowout|\
        highlights|wax|tattoo|meet up|sitting|installation|install date|delivery date|delivery time|\
        shift|tire change|tyre change|pickup|pick up|collection|class|classes|workshop|treatment|exam|\
        procedure|surgery|sessions|visits|meetings|open house|showing|walkthrough|ultrasound|scan|\
        biopsy|colonoscopy|mammogram|jab|booster|test|infusion|dialysis|hearing|audition|baptism|\
        rehearsal|nails|color|balayage|shave|sauna|spa|wash|valet|detailing|alignment|brake check|\
        smog check|car service|chimney sweep|pest control|interview on|mani|pedi|follow up appointment|\
        follow up visit|negotiation meeting|quote appointment|survey appointment|sales meeting|\
        price meeting"),
    (Meal, "\
        dinner|lunch|brunch|breakfast|high tea"),
    (FitIn, "\
        fit me in|fit us in|fit .. in|squeeze .. in|get me in|get us in|get .. in to see|get him in|\
        get her in|slot .. in|can see|could see|see me|see us|see my|see our|earliest slot|accommodate|\
        book .. in|get .. seen|walk in"),
    // To change what is booked.
    (Reschedule, "\
        rebook|postpone|postponing|bring .. forward|push back|push .. back|move up|move .. up|put off|\
        rearrange|re arrange|resched|re schedule|earlier slot|later slot|hour later|hour earlier|\
        hours later|hours earlier|minutes later|come .. later|arrive later|later than booked|\
        earlier than|different day|another day|another time|new date|new time|pull .. forward|\
        change .. time|move .. time|change .. day|delay .. by|extend .. stay|be postponed|day later|\
        days later|week later|weeks later|day earlier|days earlier|week earlier|moved up|moved back|\
        no longer works|be moved|new slot|later time|earlier time|another slot|give me another|is off|\
        put back|push out|shorten our|shorten my|earlier appointment|move it|change it|push it|shift it|\
        switch it|move them|change that|come .. earlier|rescheduling|reschedual|reschedul"),
    (Move, "\
        move|change|shift|switch|swap|push|delay|modify|amend|adjust|update|alter|add|extend|upgrade|\
        remove|correct|cambia|cambiar|cambie|mover|mueve|modific*|anade|anadir|agregar|changer|changez|\
        modifi*|ajoute*|bouge|bouger|ander*|tauschen|aufstock*|hinzufug*|erhoh*|cambiare|sposta|mudar|\
        mude|alterar|altere|wijzig*|veranderen|verander|be moved|be changed|be shifted|be postponed|\
        be delayed|be brought forward|be pushed|next month|bump .. to"),
    (Cancel, "\
        cancel|cancle|cancelling|canceling|cancellation|call off|calling off|scrap|drop our|drop my|\
        release|wont be needing|dont need .. any more|be cancelled|be canceled|wont need|undo|skip|\
        take us off|take me off|withdraw|back out|pull out|scratch|get out of|free .. up|free up|is off|\
        cant keep|cannot keep|cncl|cxl|give up my|give up our"),
    (Confirm, "\
        confirm|confirming|confirmation|reconfirm|double check|make sure|verify|everything is set|\
        all set|still have our|have me down|are coming|still coming|still expect"),
    (CannotCome, "\
        cant make|cannot make|cant attend|cannot attend|cant come|cannot come|not coming|wont come|\
        has to miss|not be coming|not attend|arent coming|isnt coming|cant do|wont show|wont make my"),
    (StillOn, "\
        still on|still stands|is on for|all set for|still booked|still valid|still works|still work|\
        goes ahead|still reserved|still holding|expecting us|expecting me|expecting him|expect us|\
        has us down|has me down|have us down|have me down"),
    (Past, "\
        complained|complaints|refunds|followed|negotiated|negotiates|cancelled|canceled|rescheduled|\
        moved|postponed|booked|reserved|confirmed|changed"),
    (Subscription, "\
        subscription|membership|contract|policy|plan|order|account|service|magazine|insurance|internet|\
        broadband|gym"),
    // What it costs.
    (Price, "\
        price|prices|pricing|priced|quote|quotes|quotation|quotations|cost|costs|costing|rate|rates|fee|\
        fees|tariff|tariffs|estimate|estimates|charge|charges|pricelist|ballpark|offer for|bid|bids|\
        per unit|per hour|per person|per night|hourly|expensive|premium|tuition|cheapest|lowest|\
        affordable|cheap|fare|fares|toll|what money|worth|there .. discount|any discounts|discounts for|\
        discount for students|joining fee*|membership options|rfq|rfp|rent per|ticket price*|admission|\
        installments|financing|breakdown|value of|quoting|insure|trade in|appraisal|sell us|\
        they offer .. discounts|bulk discounts|per liter|per litre|per gallon|is it cheaper|\
        exchange rate|price check"),
    (HowMuch, "\
        how much|what .. charge|what .. cost|what .. costs|much for|much is|what it costs|how expensive|\
        would it run|what the rent is|run us to|run me to|how pricey|set me back|set us back|\
        monthly rent|what does it cost|what do they cost|would charge|they charge|give me for|costs per|\
        and for what|what it takes to insure|take for|what do they take|go for|goes for|going for|\
        theirs|pay for|have to pay|cost me|cost us|what id pay|per year|per month|a month|a year|\
        per square|per kilo|per pound|how many euros|pay me for|pay us for|what theyd pay|how mcuh|\
        how muhc|how mutch|hw much|would you ask for|what .. would be"),
    (Stock, "\
        availability|available|stock|vacancies|vacancy|availabilities|carry|for sale|on hand|inventory|\
        free slot at the|still a free|rooms left|tables left|tickets left|seats left|places left|\
        any left|left for|is free on|is free for|are free on|free on|still free|be free"),
    (Terms, "\
        moq|minimum order|lead time|lead times|bulk|wholesale|volume|payment terms|price breaks|\
        per pallet|per ton|per kilo|pallets|units|pieces|quantities|shipping cost*"),
    (Bill, "\
        rent|bill|bills|invoice|payment|payments|salary|commission|premium|deposit|offer|total|budget|\
        interest|apr|mortgage|insurance|subscription|increase|overdraft"),
    (Quoted, "\
        they quoted|quoted us|quoted me|he quoted|she quoted|quote was|quote is|quote of|their quote|\
        their offer|his offer|her offer|asking price|they want|they ask|asking for|list price|listed at|\
        priced at|their bid|theyre asking|proposed|seller asks|owner asks|wants|is asking|are asking|\
        came in at|says|currently pay|we pay|i pay|they offered|offered me|offered us|he offered|\
        she offered|offers me|offers us|offered only|they said|is selling|selling for"),
    (Compare, "\
        compare|comparison|shop around"),
    // For less.
    (Haggle, "\
        negotiate|negotiating|negotiation|negociate|haggl*|bargaining|bargain|counteroffer|counter|\
        countering|renegotiat*|talk .. down|beat .. down|haggle .. down|knock .. off|get .. off|\
        shave .. off|take .. off|come down|better on|go lower|go down on|drive .. down|lowball|low ball|\
        final offer|price match|match .. quote|beat .. quote|beat .. price|beat .. offer|beat .. rate|\
        match what|leverage|get a deal|better deal|best deal|good deal|sweeten|throw in|budge|\
        wiggle room|price down|rent down|rate down|cost down|fee down|bill down|get .. down to|\
        meet in the middle|split the difference|waive|walk away|concession*|horse trade|hardball|\
        cheaper deal|lower offer|opening offer|anchor|counterproposal|counterbid|push back on|\
        give me .. rate|no higher than|not go above|not go over|dont go over|most we accept|\
        more flexible|is flexible|flexible on|pay less|drop .. fee|cut .. price|cut .. cost|cut .. rate|\
        cut .. fee|beat it|undercut|come off|meet us at|meet me at|match it|match that|match their|\
        include .. for free|for free in|no increase|keep the price|price flat|freeze|would do it for|\
        does it for|offered us|afford|chance to beat|beat their|beat that|first offer|opening bid|\
        in steps of|go up to|land around|land at|agree on a price|price below|price under|\
        see what you can do|sharpen|sharper|competing quote|competing bid|cheaper bid|cheaper quote|\
        cheaper offer|lower bid|lower quote|or i leave|or ill switch|or i switch|threaten to|\
        or we leave|retention|squeeze|compromise|feel out|how low|best possible terms|best terms|\
        dont accept the first|cents on the dollar|way above|above the others|sign today|good price|\
        because i buy many|since we are buying|paying cash gets|rent review|ask less|fair price|soften|\
        lower their|reduce their|slash|trim the|trade off|free delivery|free shipping|for less|\
        cheaper if|discount if|rent reduction|accept .. in cash|accept cash|not to raise|not raise|\
        at the same rate|same price|too much for us|below list|volume pricing|up to .. k|\
        extend the payment|payment term to|price rise|price increase|reach a deal|a deal with|\
        make a deal|barter|settle for|settle at|settle the debt|middle ground|goes down|comes down|\
        talk ... down|bring ... down|get ... down to|push ... down|beat ... down|how far down|\
        in line with our|ask for free|free upgrade|free upgrades|in exchange for|raise their|raise his|\
        raise her|settlement offer|free rent|months free|in return for|absorb|let .. go for|\
        price ... below|price ... under|quote ... below|rent ... below|agreement on|match ... price|\
        match ... rate|match ... offer|match .. offer|match ... quote"),
    (Discount, "\
        discount|discounts|rebate|reduction|price cut|markdown|price break|freebies"),
    (Cheaper, "\
        better price|better prices|best price|better rate|better rates|lower price|lower rate|\
        lower rates|lower prices|better offer|better quote|lower quote|better terms|cheaper|\
        reduced rate|reduced price|special price|better payment terms|better .. terms|good price|\
        fairer price|new customer rate|loyalty rate|favorable terms"),
    (Lower, "\
        lower|reduce|reducing|lowering|decrease|cut|drop|slash|lowered|reduced|cheaper|decreased|\
        dropped|off"),
    (Offer, "\
        offer|offering|bid|propose|start at|start with|start low|open with|open at|begin at"),
    (TooHigh, "\
        too high|too expensive|too much|overpriced|over budget|over what we can|too pricey|steep"),
    // What they think and how they do it.
    (Survey, "\
        survey*|interview*|questionnaire*|poll|polling|research|researching|feedback|gather data|\
        collect data|csat|nps|net promoter|exit interview|reference check|check .. references|\
        focus group|study|census|open questions|open ended|how they liked|testimonial*|phone survey|\
        views|neutral|background of|due diligence|q1|age group|hear how|fact finding|fact find|rate the|\
        to rate|rate from|one to five|one to ten|1 to 5|1 to 10|what it was like|ask open|oral history|\
        history project|mapping the|to understand|understand why|get to know|have a conversation|\
        landlord reference|reference for|teaching approach|question the|questions about|question them|\
        let her tell|no selling|for our report|fact check|learn from|ask each|speak with five|\
        structured|sample of|statistics on|data on|data about|opinions|sentiment|mystery shop|user test|\
        usability|vox pop|own words|for my newspaper|newspaper piece|note their answers|reviews of|\
        collect reviews|collect information|gather information|local paper|quotes from local|\
        market information"),
    (Opinion, "\
        opinion|opinions|think of|think about|thinks of|thinks about|thoughts on|feel about|feels about|\
        views on|view on|impression*|satisfied|satisfaction|happy with|like about|likes about|dislike|\
        experience with|experience of|perception*|rate their|rate our|rate us|rate the|rate from|\
        on a scale|scale of|out of 10|out of ten|improve|improvement*|recommend us|why they cancelled|\
        why they chose|reason for leaving|why customers|reasons why|what matters|matters most|\
        feedback on|perspective*|attitude*|expectations|liked|would want|miss most|prepared them|\
        support the|oppose|how happy|how well|expect from|hopes|fears|worry about|worries|bothers|\
        wish for|wishes|would change|could be better|trends she|trends he|sees in|in favor of|\
        they favor|happy they are|confus*|annoy*|what worked|what went|performed|performance|\
        theyd change|made .. choose|choose a competitor"),
    (Practice, "\
        how they|how do they|how people|how companies|which tools|what tools|what software|\
        which software|what systems|which system|what kind of|what brands|which brands|they use|\
        they prefer|use for|currently use|challenge*|pain point*|trend*|habit*|preference*|\
        biggest worry|priorities|routine*|practices|demographics|statistics|how often|motivat*|\
        workflow*|process looks|day to day|the history of|learn about|learn how|understand how|\
        understand why|background on|insights|insight|percentage of|share of|struggles|struggle with|\
        frustrat*|unmet needs|needs of|how other|how different|how local|how small|how most|how large|\
        how big|how .. handle|how .. handles|how .. organize|how .. deal|how .. manage"),
    // What we sell.
    (Pitch, "\
        pitch|pitching|sell|introduce|introducing|promote|promoting|cold call|cold calling|upsell|\
        win them|win .. over|win back|winback|sales call|drum up|generate leads|lead gen|prospect*|\
        qualify|qualifying|telemarketing|market our|present our|present my|showcase|fundrais*|\
        become a reseller|become our|partnership|donat*|sponsor*|sign .. up|tell .. about our|try our|\
        try out our|stock our|carry our|offer our|offer my|offering our|offer .. our|advertise|outreach|\
        would buy|book a demo|demo call|intro call|wholesale our|work with us|buy from us|\
        get .. excited|excited about|convince ... to sign|persuade ... to try|tell them about me|\
        get referrals|free lawn|free analysis|free demo|foot in the door|joining our|consider our|\
        our catalogue|our catalog|our brochure|explain what our|about joining|upgrade to|an upgrade|\
        sponsor our|interest them in|campaign call|their vote|recruit|benefits of our|sales rep|\
        sales team|get appointments with|first contact|close if possible|close them|want a website|\
        theyd be open|open to a chat|let them know about the|promotion|special offer|\
        get them to come in|i do|were offering|launching|just launched|just opened|we specialize|\
        we specialise|free sample|free samples|free quote|free estimate|appetite for|need our|needs our|\
        buy our|order our|list our|resell our|represent us|refer us|franchise|demo if|telesales|\
        lead list|call list|new business|intro meeting|get a meeting|new customers for my|\
        find new customers|find clients|find buyers|get them interested|to offer them|\
        to offer .. discount on|former clients to offer|use our app|put our|explain ours|\
        tell .. about ours|make our case|to buy|like to be their|abandoned their cart|new product|\
        offer a free|offer free|quote from us|reactivate|who needs|needs a supplier|like to hear about|\
        sel|lost this customer|lost customer|featured in our|test our|to bring them back|\
        like to receive our|want a free|like a free|offer .. free|if theyd want|if they would want|\
        raising money|chip in|offer us|looking for a new"),
    (Goods, "\
        our product*|our service*|our new|our software|our platform|our solution*|our app|our company|\
        our crm|our saas|our tool|our offering*|our brand|our catalogue|our catalog|our range|\
        our agency|our startup|our business|our line|our packages|our program|our programme|\
        our newsletter|our course*|our event|our premium|my product*|my service*|my company|my business|\
        my app|my agency|our .. app|our .. service*|our .. software|our .. platform|our .. tool*|\
        our .. system*|our .. line|our .. package*|our .. rental|our .. cups|our prices|our store|\
        our shop|we build|we make|we sell|we offer|we supply|we provide|we are a new|with us|\
        our managed services|our hot sauce|our fleet|our winter|our summer|our spring|promotion"),
    (Demo, "\
        demo|demos|trial|presentation|free consultation|free audit|free quote|free estimate"),
    (Lead, "\
        lead|leads|prospects|prospect|decision maker*|new clients|new customers|purchasing manager|\
        head of|warm lead*|inbound lead*"),
    (Interest, "\
        interest in|any interest|interested|considered|switch to|switch from|switching|renew|\
        would like to try|want to try|happy with their|unhappy with their|current supplier|about ours|\
        be open to"),
    (Propose, "\
        offer|propose|present"),
    // What went wrong.
    (Complain, "\
        complain|complaining|complaint|complane|escalate|escalating|escalation|dispute|disputing|\
        contest|object to|unacceptable|protest|grievance|dissatisfied|disappointed|outrag*|demand|\
        insist|legal action|small claims|fed up|report the|report bad|report poor|furious|angry|\
        raise hell|had it with|sick of|go to court|lawyer|sue|stop charging|stop billing|voided|void|\
        must act|take action|warranty claim|definite solution|speak to whoever is responsible|\
        report .. for|unhappy|annoyed|upset|frustrated|appalled|no excuse|ombudsman|bad review|argue|\
        make clear|frustration|ask why my|ask why our|why my flight|deposit back|honor the warranty|\
        make them honor|dealt with|what they are going to do about|do about it|or i cancel|\
        part of the money back|press charges|own up|want an explanation|answers for|put an end to|\
        keep sending me|we expect|i expect|expect a|they must|must replace|must fix|must pay|\
        get compensation|missing plates|get it sorted|sort it out|fight it|fight the|fight this|\
        fight back|do it again|done waiting|redo it|they need to know|fee refunded|fee back|fee removed|\
        raise the issue|raise this|someone responsible|charge dropped|fee dropped|displeasure|not ok|\
        not okay|the boss and say|done again|done over|had enough"),
    (Remedy, "\
        refund|refunded|refunding|money back|get .. back|compensat*|apology|apologies|reimburse*|\
        replacement|replace|redo|make it right|reverse|reversed|reversal|no cost|free of charge|\
        send the right one|chargeback|charge back|goodwill|take it back|resolution|resolve|deposit back|\
        deducted|late fee|fix .. bill|ask for .. back|want .. back|cost back|fee back|resent|removed|\
        credited|cash back|want cash|make up for|no charge|fixes it free|fix it free|warranty|voucher|\
        make good|rectify|rectified|remedy|redone|redeliver*|re deliver|resend|send a new|correction|\
        corrected|written off|take back|credit|part of the money|i want my|give back|given back|\
        return my|to apologize|to apologise|exchanged|withdrawn|put right|set right|taken off"),
    (Wronged, "\
        wrong|incorrect|incorrectly|overcharg*|over charged|charged twice|charged us|charged me|\
        charged .. twice|extra charge|extra charged|rude|rudely|unprofessional|filthy|food poisoning|\
        never arrived|never came|never showed|didnt show|no show|not delivered|late delivery|\
        arrived late|came late|third time|poor quality|bad quality|poor service|bad service|terrible|\
        awful|horrible|unhappy with|unhappy about|not happy|misled|misleading|scam|scammed|fraud*|\
        unauthorized|unauthorised|hidden fee*|without notice|without asking|bedbugs|hair in|hurt|\
        injured|sloppy|disgusting|never fixed|not fixed|unresolved|nobody came|no one came|\
        nobody showed|stood us up|stood me up|wrongly|by mistake|lied|gave .. away|given away|\
        higher than quoted|than agreed|than promised|didnt order|ruined|botched|made .. sick|got sick|\
        ignored|mistreated|unfair|unfairly|keeps billing|keep billing|keep charging|still charged|\
        still billing|lost my bag|kept waiting|too loud|noise|noisy|missing items|items missing|\
        incomplete|half of|short shipped|delay of|hour delay|wasnt collected|wasnt cleaned|was never|\
        were never|in a row|third week|third day|same problem|same issue|problem again|issue again|\
        only received|we only got|i only got|received only|shows delivered|pay twice|paid twice|\
        took .. days|reckless|dangerous*|aggressive*|mess|not honored|not honoured|not honoring|\
        refuse to|refused to|denied|wont refund|nobody turned up|delays|was cancelled|got cancelled|\
        been charged|were charged|was charged|took a fee|took our deposit|took my|died|full price|\
        double booked|doublebooked|undercooked|late again|half the|not refunded|parking ticket|fined|\
        unjustified|unlawful|misinformed|promised but|overbilled|someone elses|someone else|ignores|\
        ignoring|ignore us|threw|thrown|debited|did not make|didnt make|very slow|so slow|too slow|\
        slow since|dont want give|wont give|refuses|leaks again|again leaking|broke again|\
        gave us a room|cancelled class|my flight was|entitled to|compensation for|mix up|mixup|mixed up|\
        broke my|broke our|scratched my|damaged my|damaged our|stole|stolen by|burned|overfilled|\
        understaffed|waited|hung up on|treated|insulted|yelled|shouted|swore|discriminat*|harass*|\
        deceiv*|breach|violat*|charged for|charged more|charged extra|charging me|charging us|\
        has been out|been out since|nothing like|too short|too small|missed my flight|missed our|\
        i returned|towed|peeling|doesnt care|dont care|dead on arrival|weeks late|hours late|billed|\
        and charged|but charged|wont pay|not acceptable|barks|barking|sags|dissatisfied|forgot|fake|\
        left in the rain|soaked|worse|cold food|was cold|food cold|arrived cold|cold pizza|\
        kept .. waiting|not satisfied|keep rescheduling|keep canceling|keep cancelling|\
        keeps rescheduling|keep moving"),
    (Broken, "\
        broken|broke|damaged|faulty|defective|defect|doesnt work|not working|isnt working|dont work|\
        didnt work|never worked|mistake|error|scratched|cracked|leaking|leaks|torn|spoiled|rotten|stale|\
        burnt|stained|failed|fell apart|shrunk|dented|unfinished|outage*|missing|dirty|mold|mould|\
        hasnt arrived|not arrived|been down|is down|still down|smashed|shattered|dead on arrival|ripped|\
        expired|keeps"),
    (Manager, "\
        manager|supervisor|management|higher up|next level|second level|head office"),
    (Fix, "\
        fix|fixed|solve|repair|repaired|sort out|sorted|resolved"),
    // What was said or sent before.
    (Chase, "\
        follow up|following up|followup|folow up|chase|chasing|nudge|nudging|check in with|checking in|\
        check in on|check on|checking on|check back|check up on|touch base|circle back|circling back|\
        ping|call back about|get back to|prod|any word|heads up on|where things stand|where they are on|\
        hurry|speed .. up|expedite|how .. is doing|call again|call .. again|try again|ask again|\
        coming along|friendly reminder|third reminder|where we are|in the queue|\
        continue our conversation|resume our|press them|get an answer|waiting list|second call|\
        third call|push for the overdue|has an answer|answer for us|gently|was going to check|\
        wanted to think|think about it|sleep on it|f u on|had questions|had any questions|has questions|\
        how ... is going"),
    (Status, "\
        status|progress|update on|updates on|an update|any update|any updates|update about|update from|\
        any news|news on|news about|news from|how far|where is my|wheres my|wheres our|where my|\
        where our|tracking|track|shipped|dispatched|when .. arrive|when .. ready|is ready|are ready|\
        is .. ready|is done|are done|already|processed|gone through|went through|approved|been sent|\
        been paid|been filed|been fixed|eta|under review|moving along|came back|results|\
        when we can expect|when will my|comes in|has come in|coming along|a decision|be ready|be done|\
        get done|filled|accepted|granted|finalized|finalised|gone thru|chosen|finished|file the report|\
        when well have it|have it by|happened with|what happened|result of|outcome|verdict|\
        is the .. ready|been dealt with|been resolved|been handled|being handled|been answered|get sent|\
        got sent|been received|any feedback|any response|happening with|in the mail|complete now|\
        everything complete|made up its mind|when hell finish|when .. finish|when .. done|did my|\
        did our|has my|has our|has left|have left|where is it|wheres it|can i pick up|pick up my|\
        went out|gone out|are back|is back|back from|when it will|are complete|is complete|\
        get .. update|delivery update|update for|arrived|feedback on my|need anything else|ready yet|\
        arrived yet|done yet|refund yet|paid yet|headway|got through|come through|where does my|\
        where does our|any answer|answer from"),
    (Earlier, "\
        we sent|i sent|sent them|sent you|sent over|sent in|sent last|emailed|mailed them|submitted|\
        applied for|i applied|we applied|my application|my claim|our claim|my request|our request|\
        our proposal|my proposal|last call|our conversation|our chat|our meeting|last meeting|\
        previous call|earlier call|we spoke|i spoke|spoke with|spoke to|spoke last|talked last|\
        we talked|i talked|discussed|as agreed|we agreed|our email|our previous|my previous|our earlier|\
        previously|ticket number|case number|last spoke|left .. voicemail|my email|our quote|our offer|\
        our invoice|overdue|past due|unpaid|after our|following our|they viewed|we met|met at|met them|\
        they called|missed call|he called|she called|they asked for|we delivered|they attended|\
        we quoted|signed contract|signed yet|called last|yesterday conversation|installation last|\
        since our|we wired|i wired|dropped off|i filed|we filed|i mailed|we mailed|we shipped|we paid|\
        i paid|i dropped|last month we|yesterday we|still considering|still open|agreed with|my appeal|\
        i called|we called|i asked|we asked|i requested|we requested|until today|had an interview|\
        i interviewed|i sat|i took the|contract changes|estimate was due|was due yesterday|tax return|\
        they saw our|our voicemail|they visited|toured|came to see|tried our|trial ended|their trial|\
        i had a|i had an|we had a|since the interview|we picked|we chose|we selected|week since|\
        since we|since i|i inquired|we inquired|we emailed"),
    (Waiting, "\
        still waiting|been waiting|waiting for|waiting on|havent heard|hasnt heard|not heard|no reply|\
        no response|no answer|hasnt replied|not replied|not responded|havent gotten|haven t|\
        never replied|no word|gone quiet|went quiet|gone silent|went silent|ghosted|radio silence|\
        nothing came|nothing yet|still nothing|no sign of|nothing has|havent seen|still dont have|\
        still do not have|still havent"),
    (Received, "\
        received our|received my|was received|were received|been received|receive our|receive my|\
        receive the|seen our|seen my|saw our|look at our|looked over|reviewed our|review our|\
        reviewed the|review the|read our|opened our|had a chance|time to look|went over|gone over|\
        did they get|did you get|did he get|did she get|if they got|if they received|they got my|\
        they get our|they get my|got the payment|they got the|got it|shipped arrived|arrived and|\
        got our|got my|got hold of"),
    (Remind, "\
        remind|reminder|reminding|jog .. memory"),
    (Promise, "\
        promised|promise|said they would|said theyd|said he d|said hed|was supposed to|were going to|\
        would call us back|would send|was going to|owe us|owes us|owed us|owes me|owe me|you sent|\
        they sent|he sent|she sent|gave us|gave me|sent us|sent me|they quoted|quoted us|quoted me|\
        have the .. by|would have|by now|due last|were due|was due|wanted to deliver"),
    (Decided, "\
        decided|decision|moving ahead|move ahead|move forward|still want|still wants|still need|\
        still needs|still considering|thought about our|board approved|approved the budget|heads at|\
        made up"),
    (Matter, "\
        proposal|application|order|orders|delivery|parcel|package|shipment|invoice|payment|claim|\
        paperwork|documents|contract|ticket|case|request|email|letter|permit|visa|passport|repair|\
        prescription|results|inquiry|enquiry|message|voicemail|form|offer|quote|quotation|estimate|\
        sample|samples|resume|cv|loan|refund|deposit|purchase|car|i ordered|we ordered|ordered on|\
        spare part|survey results|booking request|reservation request|appointment request|quote request"),
    (Study, "\
        thesis|dissertation|article|podcast|journalist|newspaper|university|academic|school project|\
        documentary|blog post|paper on"),
    (Instead, "\
        instead of|rather than"),
    (Plan, "\
        schedule|arrange|arranging|set up|organise|organize|line up|book in|plan|fix up"),
    (Place, "\
        hotel|apartment|airbnb|flight|flights|taxi|cab|car|van|boat|studio|ticket|tickets|shuttle|limo|\
        cottage|cabin|courier|seats|place|motel|hostel|truck|minibus|bus|limousine|bike|bikes|scooter|\
        trailer|equipment|tent"),
    (Shift, "\
        another date|another day|another time|another slot|other date|other day|different day|new date|\
        new day|wont be possible|not possible|wont work|doesnt suit|doesnt fit|clashes|conflict|\
        conflicts|came up|be late|running late|hold it|one more guest|more guests|one less|extra person|\
        extra guest|extra night|add one|earlier in the day|cannot keep|cant keep|be delayed|\
        same time works|be later|has to go to|needs to be|must be|has to be|skip|skips|take us off|\
        take me off|off the list|were away|we are away|im away|i am away|not in town|out of town|\
        have me down|still have me|is delayed|got delayed|rather than|dont need it any more|not needed|\
        away then|no can do|fewer|to next month|to next week|off to|minutes late|arrive .. late|\
        late for my|late for his|needs .. moved|get .. moved|have .. moved|by a week|by a day|\
        by one week|by an hour|is sick|am sick|im sick|are sick|is ill|am ill|im ill|are ill|unwell|\
        one more night|another night|longer stay|not going to work|more people|fewer people"),
    (Standing, "\
        our stay|my stay|our table|my table|our room|my room|have booked|have reserved|our flight|\
        my flight|our visit|our seats|my slot|my next appointment|had booked|their booking|\
        under the name|my cleaning|my class|my lesson|we have table|i have a booking|his 2|my 2|my 3|\
        my 4|my 10|my 11|my 9|the review|quarterly review|the call|the interview|the meeting|well be|\
        we will be"),
    (Open, "\
        why|how|what it was like|what would|what people|what they|what do they|what he|what she|\
        what was missing|what could be|what made|describe|which"),
    (Audience, "\
        customers|clients|participants|attendees|parents|tenants|residents|patients|students|users|\
        members|employees|nurses|farmers|teachers|households|homeowners|neighbors|neighbours|people|\
        voters|shoppers|guests|visitors|owners|restaurants|bakeries|cafes|dentists|clinics|hotels|\
        salons|gyms|companies|businesses|realtors|agencies|planners|former tenant|alumni|experts|expert|\
        volunteers|donors|subscribers|churned|drivers|managers|suppliers|offices|schools|shops|stores|\
        graduates|daycare|daycares|beekeeper|applicants|candidates|landlords|passengers|commuters|\
        retirees|seniors|teenagers|moms|mums|dads|startups|founders|freelancers|professionals|doctors|\
        physicians|lawyers|contractors|builders|plumbers|retailers|wholesalers|distributors|importers|\
        growers|fishermen|veterinarian|historian|professor|witnesses|witness|veteran|veterans|artists|\
        musicians|coaches|players|fans|buyers|sellers|lapsed|dental practices|law firms|accountants|\
        warehouses|factories|farms|churches|charities|hoteliers|pharmacies|opticians|vets|mechanics|\
        garages|dealerships|regulars"),
    (Entice, "\
        consider|joining|join|approach|foot in the door|discover|permission to send|send our|\
        explain what|tell .. about|invite|referrals|sponsor|on behalf of|theyd like|upgrade|\
        if they need|whether they need|needs|who decides|get them on|min call|minute call|curious|\
        benefit from|could use|might need|is using|new customers|our flyer|brochure|catalogue|catalog|\
        stock our|introduce|sample|samples|from us|how our"),
    (Failed, "\
        never|nobody|no one|didnt|did not|hasnt|wasnt|was not|werent|were not|failed to|not been"),
    (Purchase, "\
        order|buy|purchase|reorder"),
    (Counter, "\
        id go|i would go|would go to|willing to pay|able to pay|can pay|could pay|would pay|want to pay|\
        wed pay|id pay|ill pay|well pay|want to stay at|wed sign|would sign|sign today|pay cash|\
        paying cash|we can do|i can do|our client would|only have|our maximum|my maximum|our max|my max|\
        close at|buy it for|take it for|get it for|sell it for|do it for|at least|to accept|\
        do the job for|play for|we prefer|would take|might take|would accept"),
    (Helper, "\
        technician|plumber|electrician|engineer|courier|repairman|handyman|cleaner|babysitter|\
        photographer|movers|cleaners|cardiologist|dermatologist|notary|lawyer|accountant|mechanic|vet|\
        hairdresser|barber|stylist|beautician|therapist|physio|physiotherapist|optician|optometrist|\
        pediatrician|gynecologist|specialist|dietician|coach|tutor|trainer|inspector|gardener|locksmith|\
        piano tuner|exterminator|come by|come over|come out|come round|swing by|drop in|see dr|\
        need to see|want to see|dentist|doctor|salon|orthodontist|surgeon|nanny|driver|guide|chef|dj|\
        dog walker|painter|roofer|carpenter|surveyor|tow truck|nurse|midwife|urologist|neurologist|\
        psychologist|psychiatrist|interpreter|translator"),
    (About, "\
        about|regarding|concerning|their views|their habits"),
    (Persuade, "\
        convince|persuade|talk .. into|work on the"),
    (Number, "\
        two|three|four|five|six|seven|eight|nine|ten|twelve"),
    (Done, "\
        did|has the|have they|have you|has he|has she|has *ed|has *en|has been|have been"),
    (What, "\
        what|which|how"),
    (Where, "\
        where"),
    (Ago, "\
        last week|last month|ago"),
];
