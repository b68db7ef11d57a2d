//! `platform.reservation`: books a table, an appointment or a room.
//!
//! The strategy is efficient and transactional. The component computes what is wanted and what would do
//! instead, holds every offer against it, takes what is within, declines what is not, and offers the
//! next alternative in the customer's order. It answers what the callee needs from the brief alone,
//! says everything back once, and never gives a card number or a deposit. The model words it.

mod lines;
mod report;
mod request;

use std::cell::OnceCell;

use agenticcalling_playbook::extract::Talk;
use agenticcalling_playbook::matching::{self, Purpose};
use agenticcalling_playbook::rules::Rules;
use agenticcalling_playbook::strategy::slots::{
    Ask, Calendar, Kind, Person, Said, Search, Slot, Step, code_in, speaks_of_number, spoken,
};
use agenticcalling_playbook::strategy::{
    self, BriefFacts, Caller, Courtesy, LANGUAGES, Language, Obligation, Patience, Prompt, Reply,
    Settings, advise, obligations_in, part, slots,
};
use agenticcalling_playbook::{
    Brief, Clause, Description, ExtractionRequest, Guidance, Plan, Playbook, Report, Speaker, Turn,
    Verdict, export, withhold,
};
use request::Request;

/// One call that books something.
pub struct Reservation {
    brief: Brief,
    caller: Caller,
    language: Language,
    calendar: Calendar,
    facts: BriefFacts,
    person: Person,
    request: Request,
    search: Search,
    settings: OnceCell<Settings>,
    rules: Rules,
    questions: Vec<Question>,
    courtesy: Courtesy,
    patience: Patience,
    /// We have said something.
    opened: bool,
    /// The call is over, whatever is open.
    over: bool,
    /// Turns of theirs.
    turns: u16,
    last: String,
    /// They said that it is booked.
    booked: bool,
    /// They were told the name.
    named: bool,
    repeated: u8,
    /// What was said back last, and whether they let it stand.
    said_back: Option<Slot>,
    confirmed: bool,
    asked_number: bool,
    number: Option<String>,
    money: u8,
    /// What they said about wishes, deposits and questions.
    notes: Vec<String>,
}

/// A question that is put once the booking stands.
struct Question {
    wording: String,
    /// Of the rules: how it is known that we asked.
    obligation: Option<Obligation>,
    asked: bool,
    answered: bool,
}

/// After so many turns of theirs the call is ended politely.
const TURNS_MAX: u16 = 40;
/// The details are said back so often at most.
const REPEATED_MAX: u8 = 3;
/// Most notes for the report.
const NOTES_MAX: usize = 8;

const APPROACH: &str = "You are booking something for the customer; be friendly, brief and exact. Say \
at once what you want: what, for how many, which day, which time. Then listen for what they offer. The \
guidance before each of your turns has already compared their offer with what the customer accepts: take \
it when it says so, decline it when it says so, and never agree to another day or time, however they \
press you. Offer the customer's alternatives in their order, one at a time. Give a name or a telephone \
number when they ask for it, but only one that is written here; if something is not written here, say \
that you will come back on it. Never give a card number and never agree to a deposit or a fee: say that \
you will come back on that. Before you hang up, say back day, time, number of people and name, and let \
them correct you. If they correct themselves, what they said last counts. If nothing that the customer \
accepts is possible, thank them and end the call without booking.";

impl Playbook for Reservation {
    fn describe() -> Description {
        Description {
            config_schema: Settings::schema(),
            languages: LANGUAGES.map(str::to_owned).to_vec(),
            ..Description::new(
                "platform.reservation",
                "1.0.0",
                "Reservation",
                "Books a table, an appointment or a room: takes only what the customer accepts and says it back.",
            )
        }
    }

    fn score(objective: &str, language: &str) -> u8 {
        matching::score(Purpose::Reservation, objective, language)
    }

    fn new(brief: Brief) -> Self {
        let rules = Rules::compile(&brief.rules);
        let caller = Caller::with_rules(&brief, &rules);
        let language = Language::of(&brief.language);
        let calendar = Calendar::of(&brief);
        let facts = BriefFacts::of(&brief);
        let request = Request::of(&brief, language);
        let mut questions = Vec::new();
        for wording in &request.questions {
            questions.push(Question::new(wording.clone(), None));
        }
        for obligation in obligations_in(&brief.rules, language) {
            questions.push(Question::new(obligation.question.clone(), Some(obligation)));
        }
        Self {
            person: Person::of(&brief, &caller, &facts),
            search: Search::new(request.wish(&brief, calendar), calendar),
            language,
            calendar,
            facts,
            request,
            settings: OnceCell::new(),
            rules,
            caller,
            questions,
            brief,
            courtesy: Courtesy::default(),
            patience: Patience::default(),
            opened: false,
            over: false,
            turns: 0,
            last: String::new(),
            booked: false,
            named: false,
            repeated: 0,
            said_back: None,
            confirmed: false,
            asked_number: false,
            number: None,
            money: 0,
            notes: Vec::new(),
        }
    }

    fn plan(&mut self) -> Plan {
        let mut agenda = vec![("the booking".to_owned(), self.wanted())];
        for choice in 1..self.search.wish.choices.len() {
            let wording = lines::alternative(self.language, &self.when(choice), false);
            agenda.push((
                format!("alternative {choice}, if what comes before is not possible"),
                wording,
            ));
        }
        for question in &self.questions {
            agenda
                .push(("a question once the booking stands".to_owned(), question.wording.clone()));
        }
        let prompt = Prompt {
            brief: &self.brief,
            caller: &self.caller,
            settings: self.settings(),
            approach: APPROACH,
            agenda: &agenda,
        };
        let (greeting, wanted) = (self.caller.greeting(), self.wanted());
        Plan {
            instructions: prompt.text(),
            opening: self.opening(),
            voicemail: format!("{greeting} {wanted} {}", self.language.later()),
            screening: format!("{greeting} {wanted}"),
            closing: self.language.closing().to_owned(),
            rules: self.rules.plans(),
            ..Plan::for_brief(&self.brief)
        }
    }

    fn heard(&mut self, turn: Turn) -> Option<Guidance> {
        let text = turn.text.as_str();
        self.rules.heard(text);
        self.turns = self.turns.saturating_add(1);
        if let Some(guidance) = self.courtesy.heed(text, &self.brief) {
            self.over |= guidance.settled;
            return Some(guidance);
        }
        if self.over {
            return Some(self.end("The call is over. Say goodbye.", self.language.goodbye()));
        }
        if !self.opened {
            let opening = self.opening();
            return Some(self.say("Say who you are and what you would like to book.", &opening));
        }
        let said = Said::read(text, self.language, self.calendar, self.request.kind);
        if strategy::is_hold(text) && !said.names_a_time() && !said.done && !said.grants {
            return Some(advise("They need a moment. Wait.", self.language.wait()));
        }
        let guidance = self.proceed(text, said);
        let words = guidance.suggestion.clone().unwrap_or_default();
        if !guidance.settled && (self.turns >= TURNS_MAX || self.patience.is_lost(&words)) {
            let instruction = "The conversation goes in circles. End it politely.";
            return Some(self.end(instruction, self.language.in_circles()));
        }
        self.last = words;
        Some(guidance)
    }

    fn spoke(&mut self, turn: Turn) {
        self.rules.spoke(&turn.text);
        if !self.opened {
            self.opened = true;
            self.search.open();
        } else {
            self.search.spoke(&Said::read(
                &turn.text,
                self.language,
                self.calendar,
                self.request.kind,
            ));
        }
        if let Some(name) = &self.person.name {
            self.named |= turn.text.contains(name.as_str());
        }
        // Only a question: the request itself may share its words.
        let asking = turn.text.contains('?');
        for question in self.questions.iter_mut().filter(|_| asking) {
            question.asked |= match &question.obligation {
                Some(obligation) => obligation.is_asked_by(&turn.text),
                None => slots::asks(&question.wording, &turn.text),
            };
        }
    }

    fn check(&mut self, clause: &Clause) -> Verdict {
        match self.rules.check(clause) {
            Verdict::Pass => match self.search.forbids(&clause.text, self.language) {
                Some(reason) => withhold(None, reason),
                None => Verdict::Pass,
            },
            verdict => verdict,
        }
    }

    fn may_end(&mut self) -> Result<(), Guidance> {
        if self.over {
            return Ok(());
        }
        if !self.opened {
            return Err(advise("You have not said what you want to book.", &self.opening()));
        }
        if let Some(slot) = self.search.agreed
            && !self.confirmed
            && self.repeated < REPEATED_MAX
        {
            let words = self.repeat(slot);
            return Err(advise("Say the booking back before you end the call.", &words));
        }
        if let Some(question) = self.questions.iter().find(|question| !question.asked)
            && (self.confirmed || question.obligation.is_some())
        {
            return Err(advise("You have not asked this yet.", &question.wording));
        }
        self.rules.may_end()
    }

    fn extraction(&mut self) -> ExtractionRequest {
        report::extraction(self)
    }

    fn finish(&mut self, transcript: &[Turn], draft: Option<&str>) -> Result<Report, String> {
        // The transcript alone decides, so it is played again.
        let mut replay = Reservation::new(self.brief.clone());
        for turn in transcript {
            match turn.speaker {
                Speaker::Callee => drop(replay.heard(turn.clone())),
                Speaker::Agent => replay.spoke(turn.clone()),
            }
        }
        Ok(report::report(&replay, transcript, draft))
    }
}

impl Question {
    fn new(wording: String, obligation: Option<Obligation>) -> Self {
        Self { wording, obligation, asked: false, answered: false }
    }
}

impl Reservation {
    fn settings(&self) -> &Settings {
        self.settings.get_or_init(|| Settings::read(&self.brief.settings))
    }

    /// "I would like to book a table for 6 people on Friday at 8 pm."
    fn wanted(&self) -> String {
        let what = self.request.object(&self.search.wish, self.language);
        let when = if self.search.wish.choices.is_empty() { String::new() } else { self.when(0) };
        let besides = self.request.wishes(self.language);
        lines::wish(self.language, &what, &when, besides.as_deref())
    }

    fn opening(&self) -> String {
        let possible = lines::possible(self.language);
        format!("{} {} {possible}", self.caller.greeting(), self.wanted())
    }

    fn when(&self, choice: usize) -> String {
        let Some(choice) = self.search.wish.choices.get(choice) else { return String::new() };
        let when = spoken::choice(*choice, self.calendar, self.language);
        self.arriving(when)
    }

    fn when_of(&self, slot: Slot) -> String {
        self.arriving(spoken::slot(slot, self.calendar, self.language))
    }

    fn arriving(&self, when: String) -> String {
        let stay = self.request.kind == Kind::Stay && !when.is_empty();
        if stay { lines::arriving(self.language, &when) } else { when }
    }

    fn repeat(&self, slot: Slot) -> String {
        let what = self.request.subject(&self.search.wish, self.language);
        lines::repeat(self.language, &what, &self.when_of(slot), self.person.name.as_deref())
    }

    fn say(&mut self, instruction: &str, words: &str) -> Guidance {
        words.clone_into(&mut self.last);
        advise(instruction, words)
    }

    fn end(&mut self, instruction: &str, suggestion: &str) -> Guidance {
        self.over = true;
        part(instruction, suggestion)
    }

    fn note(&mut self, text: &str) {
        let text = text.trim();
        if self.notes.len() < NOTES_MAX
            && !text.is_empty()
            && !self.notes.iter().any(|one| one == text)
        {
            self.notes.push(text.to_owned());
        }
    }

    fn proceed(&mut self, text: &str, mut said: Said) -> Guidance {
        if said.unclear {
            let words = if self.last.is_empty() { self.opening() } else { self.last.clone() };
            let lead = lines::again(self.language, "");
            let words = words.replace(lead.trim(), "");
            return advise(
                "They did not understand. Say it again, slowly.",
                &lines::again(self.language, words.trim()),
            );
        }
        if said.never_books && self.search.agreed.is_none() {
            return self
                .end("They take no bookings. End politely.", lines::nothing_left(self.language));
        }
        let answered = self.remember(text, &said);
        if answered && self.confirmed {
            let answers = self.answers(text, &said, Step::None);
            if answers.is_empty() {
                return self.finish_up(None);
            }
            return advise("Answer their question from the brief.", &answers.join(" "));
        }
        // "With pleasure. For which day?" has agreed to nothing yet.
        said.agrees &= !said.asks_for(Ask::When);
        let before = self.search.agreed;
        let step = self.search.heard(&said);
        let needs_name =
            [Ask::Name, Ask::Phone, Ask::Spelling].iter().any(|ask| said.asks_for(*ask));
        let goes_on = (needs_name || said.done) && !said.asks_for(Ask::When);
        if step == Step::None && before.is_none() && goes_on && !said.refuses {
            self.search.settle();
        }
        if before != self.search.agreed {
            self.confirmed = false;
            self.booked = false;
        }
        self.booked |= said.done && self.search.agreed.is_some();
        if said.wants_money && !said.done {
            return self.refuse_money();
        }
        let asked = said.asks.iter().any(|ask| *ask != Ask::AnythingElse);
        let answers = self.answers(text, &said, step);
        match step {
            Step::Take(slot) if !self.is_repeated(slot) && before != Some(slot) => {
                self.take(slot, &said, answers, asked)
            }
            Step::Ask { choice, .. } => {
                self.forget();
                let words =
                    lines::alternative(self.language, &self.when(choice), self.search.declining);
                let instruction = match self.search.declining {
                    true => {
                        "What they offer is not what the customer accepts. Decline it and ask for this."
                    }
                    false => "It is not possible as asked. Offer the customer's next alternative.",
                };
                advise(instruction, &words)
            }
            Step::AskTime(days) => {
                let days = spoken::days(days, self.calendar, self.language);
                advise(
                    "The day would do. Ask for a time.",
                    &with(answers, &lines::which_time(self.language, &days)),
                )
            }
            Step::AskDay(minute) => {
                let time = spoken::at(minute, self.language);
                advise(
                    "The time would do. Ask for the day.",
                    &with(answers, &lines::which_day(self.language, &time)),
                )
            }
            Step::Exhausted => {
                self.forget();
                self.end(
                    "Nothing that the customer accepts is possible. End without booking.",
                    lines::nothing_left(self.language),
                )
            }
            Step::Take(_) | Step::None => self.go_on(text, &said, answers),
        }
    }

    /// Takes down what of a turn belongs into the report; whether it answers what we asked beside.
    fn remember(&mut self, text: &str, said: &Said) -> bool {
        if said.wants_money || self.request.mentions_wish(text) {
            self.note(text);
        }
        let expected = self.asked_number
            && self.number.is_none()
            && self.last == lines::number_please(self.language);
        if expected || speaks_of_number(text) {
            self.number = code_in(text, self.language).or(self.number.take());
        }
        let waiting =
            self.questions.iter().position(|question| question.asked && !question.answered);
        if let Some(waiting) = waiting
            && !said.unclear
        {
            self.questions[waiting].answered = true;
            self.note(text);
        }
        expected || waiting.is_some()
    }

    fn forget(&mut self) {
        self.booked = false;
        self.confirmed = false;
        self.said_back = None;
    }

    fn is_repeated(&self, slot: Slot) -> bool {
        self.said_back == Some(slot)
    }

    fn refuse_money(&mut self) -> Guidance {
        self.money = self.money.saturating_add(1);
        if self.money > 1 {
            return self.end(
                "They insist on a card or a deposit. End without either.",
                lines::money_again(self.language),
            );
        }
        advise(
            "Give no card number and agree to no deposit: say that you will come back on it.",
            lines::no_money(self.language),
        )
    }

    /// An offer is taken, or what was asked for is possible.
    fn take(&mut self, slot: Slot, said: &Said, answers: Vec<String>, asked: bool) -> Guidance {
        if said.done && !asked {
            return self.go_on("", said, answers);
        }
        let name = self.person.name.clone().filter(|_| !self.named && !said.asks_for(Ask::Name));
        let theirs = said.offers_any();
        if !theirs && !answers.is_empty() {
            return advise("It is possible. Answer what they need to know.", &answers.join(" "));
        }
        let words = match theirs {
            true => lines::take(self.language, &self.when_of(slot), name.as_deref()),
            false => lines::go_ahead(self.language, name.as_deref()),
        };
        let mut all = vec![words];
        all.extend(answers);
        advise("What they offer is what the customer accepts. Take it.", &all.join(" "))
    }

    /// No new day or time: answer, then say back, then ask what is left, then end.
    fn go_on(&mut self, text: &str, said: &Said, answers: Vec<String>) -> Guidance {
        let Some(slot) = self.search.agreed else {
            if strategy::is_farewell(text) {
                return self.end("They end the call. Say goodbye.", self.language.goodbye());
            }
            if !answers.is_empty() {
                return advise("Answer their question from the brief.", &answers.join(" "));
            }
            let put = self.search.is_put().unwrap_or(0);
            let words = match put {
                0 => format!("{} {}", self.wanted(), lines::possible(self.language)),
                put => lines::alternative(self.language, &self.when(put), false),
            };
            return advise("Say what you would like to book.", &words);
        };
        if self.is_repeated(slot) && !self.confirmed {
            self.confirmed = !said.denies && answers.is_empty() || self.repeated >= REPEATED_MAX;
        }
        if !answers.is_empty() {
            return advise("Answer their question from the brief.", &answers.join(" "));
        }
        if !self.confirmed {
            return self.say_back(slot, said);
        }
        self.finish_up(None)
    }

    fn say_back(&mut self, slot: Slot, said: &Said) -> Guidance {
        // They said it back themselves, with nothing left to tell them.
        let complete =
            said.done && said.names_a_time() && (self.named || self.person.name.is_none());
        self.said_back = Some(slot);
        self.repeated = self.repeated.saturating_add(1);
        if complete {
            self.confirmed = true;
            return self.finish_up(Some(slot));
        }
        advise("Say back what, when, for how many and under which name.", &self.repeat(slot))
    }

    fn finish_up(&mut self, says_back: Option<Slot>) -> Guidance {
        if self.wants_number() && !self.asked_number && self.number.is_none() {
            self.asked_number = true;
            return advise("Ask for the confirmation number.", lines::number_please(self.language));
        }
        if let Some(question) = self.questions.iter().find(|question| !question.asked) {
            return advise(
                "The booking stands. Ask what else the customer wants to know.",
                &question.wording,
            );
        }
        if let Err(open) = self.rules.may_end() {
            return open;
        }
        let words = match says_back {
            Some(slot) => {
                let what = self.request.subject(&self.search.wish, self.language);
                lines::thanks(
                    self.language,
                    &what,
                    &self.when_of(slot),
                    self.person.name.as_deref(),
                )
            }
            None => lines::that_is_all(self.language).to_owned(),
        };
        self.end("The booking stands and was said back.", &words)
    }

    /// Usual for rooms; elsewhere only where the customer speaks of one.
    fn wants_number(&self) -> bool {
        let asked = |text: &str| {
            let text = text.to_lowercase();
            [
                "confirmation number",
                "booking number",
                "número de confirmación",
                "numéro de confirmation",
                "bestätigungsnummer",
            ]
            .iter()
            .any(|phrase| text.contains(phrase))
        };
        self.request.kind == Kind::Stay || asked(&self.brief.objective)
    }

    /// Answers to what they ask, from the brief.
    fn answers(&self, text: &str, said: &Said, step: Step) -> Vec<String> {
        let mut answers = Vec::new();
        let wish = &self.search.wish;
        let wrong = wish.people.is_some() && said.people.is_some() && wish.people != said.people;
        let asks_people =
            said.asks_for(Ask::People) || wrong && self.request.kind != Kind::Appointment;
        if said.asks_for(Ask::When)
            && !matches!(step, Step::Ask { .. } | Step::AskTime(_) | Step::AskDay(_))
        {
            let when = match self.search.agreed {
                Some(slot) => self.when_of(slot),
                None => self.when(self.search.is_put().unwrap_or(0)),
            };
            if !when.is_empty() {
                answers.push(lines::please(self.language, &when));
            }
        }
        if said.asks_for(Ask::Nights)
            && let Some(nights) = wish.nights
        {
            answers
                .push(lines::please(self.language, &request::nights_words(nights, self.language)));
        }
        if said.asks_for(Ask::Rooms) {
            answers.push(lines::please(self.language, &self.request.object(wish, self.language)));
        }
        if asks_people {
            answers.push(match wish.people {
                Some(people) => {
                    lines::please(self.language, &request::people_words(people, self.language))
                }
                None => self.language.come_back().to_owned(),
            });
        }
        answers.extend(self.person.answers(&said.asks, self.language));
        if answers.is_empty() && !said.offers_any() && said.asks.is_empty() {
            match strategy::reply(text, &self.caller, &self.facts) {
                Some(Reply::Say(words) | Reply::ComeBack(words)) => answers.push(words),
                Some(Reply::Invited) | None => {}
            }
        }
        answers
    }

    fn talk(&self, transcript: &[Turn]) -> Talk {
        let mut caller = self.caller.clone();
        caller.name = caller.name.or_else(|| self.person.name.clone());
        strategy::talk_of(transcript, &caller, &self.brief)
    }
}

fn with(mut answers: Vec<String>, question: &str) -> String {
    answers.push(question.to_owned());
    answers.join(" ")
}

export!(Reservation);
