//! `platform.information_gather`: surveys, interviews, research.
//!
//! The questions come from the objective, the settings' strategy, the extraction schema and the rules,
//! each one once; which of them is open is computed from what was said. A question never suggests its
//! answer: a scale names both ends, a choice offers every option. A vague answer is probed once, a
//! refusal of a question or of everything is accepted, and nothing is argued about.

mod answer;
mod passing;
mod questions;
mod survey;

use std::cell::OnceCell;

use agenticcalling_playbook::extract::{
    Dropped, FieldType, Grounded, Schema, TEXT_VALUE_CHARS_MAX,
};
use agenticcalling_playbook::matching::{self, Purpose};
use agenticcalling_playbook::rules::{self, Rules};
use agenticcalling_playbook::strategy::{
    self, BriefFacts, Caller, Courtesy, LANGUAGES, Language, Patience, Prompt, Reply, Settings,
    Wishes, advise, folded, part, says,
};
use agenticcalling_playbook::{
    Brief, Clause, Description, ExtractionRequest, Guidance, Plan, Playbook, Report, Speaker, Turn,
    Verdict, export,
};
use questions::Kind;
use serde_json::{Map, Value, json};
use survey::{Effect, State, Step, Survey};

/// One call that gathers answers.
pub struct InformationGather {
    brief: Brief,
    caller: Caller,
    /// Read when first needed: a check does without.
    facts: OnceCell<BriefFacts>,
    settings: Settings,
    rules: Rules,
    survey: Survey,
    topic: Option<String>,
    opened: bool,
    over: bool,
    courtesy: Courtesy,
    patience: Patience,
}

const APPROACH: &str = "You are gathering information, and your only interest is what this person really \
thinks or knows. First ask whether they have a few minutes; if not, thank them and let them go. Put one \
question at a time, open and neutral, and do not soften, explain or justify it. Never suggest an answer, \
never hint at what others said or what would please you, never agree or disagree, never praise an answer, \
never argue and never sell. Acknowledge with a plain thank you. If an answer is vague, ask once for a \
little more, in neutral words, and take whatever comes next. If they have answered a later question in \
passing, do not ask it again. If they do not want to answer a question, say that this is quite all right \
and go on. If they want to stop, thank them at once and end. On a scale name both ends; with choices read \
all of them, in order, in the same tone. Note their words as they are.";

impl Playbook for InformationGather {
    fn describe() -> Description {
        Description {
            config_schema: Settings::schema(),
            languages: LANGUAGES.map(str::to_owned).to_vec(),
            ..Description::new(
                "platform.information_gather",
                "1.0.0",
                "Information gathering",
                "Surveys and interviews: open, neutral questions, one at a time, without leading or arguing.",
            )
        }
    }

    fn score(objective: &str, language: &str) -> u8 {
        matching::score(Purpose::InformationGather, objective, language)
    }

    fn new(brief: Brief) -> Self {
        let rules = Rules::compile(&brief.rules);
        let caller = Caller::with_rules(&brief, &rules);
        let settings = Settings::read(&brief.settings);
        let (questions, topic) = questions::of(&brief, &settings);
        Self {
            survey: Survey::new(questions, caller.language),
            caller,
            rules,
            settings,
            topic,
            facts: OnceCell::new(),
            brief,
            opened: false,
            over: false,
            courtesy: Courtesy::default(),
            patience: Patience::default(),
        }
    }

    fn plan(&mut self) -> Plan {
        let mut agenda = Vec::new();
        for step in &self.survey.steps {
            agenda.push((step.question.name.replace('_', " "), step.question.wording.clone()));
        }
        let prompt = Prompt {
            brief: &self.brief,
            caller: &self.caller,
            settings: &self.settings,
            approach: APPROACH,
            agenda: &agenda,
        };
        let language = self.caller.language;
        Plan {
            instructions: prompt.text(),
            opening: self.opening(),
            voicemail: format!(
                "{} {} {}",
                self.caller.greeting(),
                self.purpose(),
                language.later()
            ),
            screening: format!("{} {}", self.caller.introduction(), self.purpose()),
            closing: language.closing().into(),
            rules: self.rules.plans(),
            ..Plan::for_brief(&self.brief)
        }
    }

    fn heard(&mut self, turn: Turn) -> Option<Guidance> {
        self.rules.heard(&turn.text);
        if let Some(guidance) = self.courtesy.heed(&turn.text, &self.brief) {
            self.over |= guidance.settled;
            return Some(guidance);
        }
        let language = self.caller.language;
        if self.over {
            return Some(self.end("The call is over. Say goodbye.", language.goodbye()));
        }
        if strategy::is_hold(&turn.text) {
            return Some(advise("They need a moment. Wait.", language.wait()));
        }
        if !self.opened {
            return Some(advise("Say who you are and ask for a few minutes.", &self.opening()));
        }
        let reply = self.reply(&turn.text);
        let effect = self.survey.heard(&turn.text, reply.is_some());
        if effect == Effect::Over {
            return Some(self.end(
                "They do not want to go on. Thank them and end the call.",
                stopped(language),
            ));
        }
        let done = self.survey.has_begun() && self.survey.next_step().is_none();
        let leaving = strategy::is_farewell(&turn.text) && reply.is_none();
        if done || leaving {
            let refused = effect == Effect::Refused;
            let first = reply.or_else(|| refused.then(|| all_right(language).to_owned()));
            return Some(self.close(first, done));
        }
        let guidance = self.proceed(effect, reply);
        if self.patience.is_lost(guidance.suggestion.as_deref().unwrap_or_default()) {
            return Some(
                self.end(
                    "The conversation goes in circles. End it politely.",
                    language.in_circles(),
                ),
            );
        }
        Some(guidance)
    }

    fn spoke(&mut self, turn: Turn) {
        self.opened = true;
        self.rules.spoke(&turn.text);
        self.survey.spoke(&turn.text);
    }

    fn check(&mut self, clause: &Clause) -> Verdict {
        self.rules.check(clause)
    }

    fn may_end(&mut self) -> Result<(), Guidance> {
        if self.over || self.survey.refused {
            return Ok(());
        }
        match self.survey.unasked() {
            Some(step) => Err(advise(
                "You have not asked this yet; do it before you end the call.",
                &step.question.wording,
            )),
            None => self.rules.may_end(),
        }
    }

    fn extraction(&mut self) -> ExtractionRequest {
        let mut schema = self.schema().json().clone();
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            let about = "whether the call was a success";
            properties.entry("success").or_insert(json!({"type": "boolean", "description": about}));
            let about = "two or three sentences on what they answered, without judgement";
            properties.entry("summary").or_insert(json!({"type": "string", "description": about}));
        }
        let criteria = self
            .settings
            .success_criteria
            .as_deref()
            .unwrap_or("at least half of the questions were answered");
        ExtractionRequest {
            schema: schema.to_string(),
            instructions: format!(
                "From the transcript, take what the other side answered to each question, in their own words and \
                 without judging it. A rating is the number they gave, a choice one of those offered. Leave out \
                 what they did not answer or refused to answer, and never infer it from their tone. The call is a \
                 success if {criteria}."
            ),
        }
    }

    fn finish(&mut self, transcript: &[Turn], draft: Option<&str>) -> Result<Report, String> {
        // The transcript alone decides: it is played again.
        let mut replay = InformationGather::new(self.brief.clone());
        for turn in transcript {
            match turn.speaker {
                Speaker::Callee => drop(replay.heard(turn.clone())),
                Speaker::Agent => replay.spoke(turn.clone()),
            }
        }
        Ok(replay.report(transcript, draft))
    }
}

impl InformationGather {
    fn facts(&self) -> &BriefFacts {
        self.facts.get_or_init(|| BriefFacts::of(&self.brief))
    }

    fn end(&mut self, instruction: &str, suggestion: &str) -> Guidance {
        self.over = true;
        part(instruction, suggestion)
    }

    /// "I would like to ask you three short questions about our delivery."
    fn purpose(&self) -> String {
        let language = self.caller.language;
        let about = match &self.topic {
            Some(topic) => {
                let link = language.pick([" about ", " sobre ", " au sujet de ", " zum Thema "]);
                format!("{link}{}", without_article(topic, language))
            }
            None => String::new(),
        };
        let words = if self.survey.steps.len() == 1 {
            language.pick([
                "I would like to ask you one short question{about}.",
                "Quisiera hacerle una pregunta breve{about}.",
                "J'aimerais vous poser une courte question{about}.",
                "Ich möchte Ihnen eine kurze Frage{about} stellen.",
            ])
        } else {
            language.pick([
                "I would like to ask you {n} short questions{about}.",
                "Quisiera hacerle {n} preguntas breves{about}.",
                "J'aimerais vous poser {n} courtes questions{about}.",
                "Ich möchte Ihnen {n} kurze Fragen{about} stellen.",
            ])
        };
        words.replace("{n}", &self.survey.steps.len().to_string()).replace("{about}", &about)
    }

    fn opening(&self) -> String {
        let consent = self.caller.language.pick([
            "Do you have a few minutes?",
            "¿Tiene unos minutos?",
            "Avez-vous quelques minutes ?",
            "Haben Sie ein paar Minuten Zeit?",
        ]);
        format!("{} {} {consent}", self.caller.greeting(), self.purpose())
    }

    /// The answer to a question of theirs, where the turn is one.
    fn reply(&self, text: &str) -> Option<String> {
        if let Some(words) = self.about_the_survey(text) {
            return Some(words);
        }
        if !survey::mostly_asks(text) {
            return None;
        }
        match strategy::reply(text, &self.caller, self.facts())? {
            Reply::Invited if !self.survey.has_begun() && text.contains('?') => {
                Some(self.purpose())
            }
            Reply::Invited => None,
            Reply::Say(words) | Reply::ComeBack(words) => Some(words),
        }
    }

    /// "How long will it take?", "Is it anonymous?"
    fn about_the_survey(&self, text: &str) -> Option<String> {
        let spoken = folded(text);
        let length = [
            "how long",
            "how many questions",
            "how much time",
            "cuanto tiempo",
            "cuanto tarda",
            "cuanto dura",
            "cuantas preguntas",
            "combien de temps",
            "combien de questions",
            "ca dure",
            "wie lange",
            "wie viele fragen",
            "wie viel zeit",
            "wieviel zeit",
        ];
        if !text.contains('?') || !says(&spoken, &length) || self.survey.answered() > 0 {
            return None;
        }
        let left = self.survey.steps.len();
        let words = self.caller.language.pick([
            "Questions: {n}, about {m} altogether.",
            "Preguntas: {n}, más o menos {m} en total.",
            "Questions : {n}, environ {m} en tout.",
            "Fragen: {n}, insgesamt etwa {m}.",
        ]);
        let time = minutes(left, self.caller.language);
        Some(words.replace("{n}", &left.to_string()).replace("{m}", &time))
    }

    /// Answer, acknowledge, then the next open question.
    fn proceed(&self, effect: Effect, reply: Option<String>) -> Guidance {
        let language = self.survey.language();
        let next = self.next_words();
        if let Some(words) = reply {
            let instruction =
                "Answer their question from what you know, invent nothing, then go on.";
            return advise(instruction, &format!("{words} {next}"));
        }
        let thanks = language.pick(["Thank you.", "Gracias.", "Merci.", "Danke."]);
        match effect {
            Effect::Probe => advise(
                "The answer is vague. Ask once, neutrally, for a little more. Suggest nothing.",
                language.pick([
                    "Could you say a little more about that?",
                    "¿Podría contarme un poco más sobre eso?",
                    "Pourriez-vous m'en dire un peu plus ?",
                    "Könnten Sie dazu noch etwas mehr sagen?",
                ]),
            ),
            Effect::Form => advise(
                "The answer is not in the form asked for. Offer the form once more, neutrally.",
                &self.form_words().unwrap_or(next),
            ),
            Effect::Refused => advise(
                "They do not want to answer or cannot. Accept it without comment and go on.",
                &format!("{} {next}", all_right(language)),
            ),
            Effect::Repeat => {
                let again = language.pick([
                    "Of course, once more.",
                    "Claro, se lo repito.",
                    "Bien sûr, je répète.",
                    "Gern noch einmal.",
                ]);
                advise(
                    "They did not understand. Say it again, slowly and in the same words.",
                    &format!("{again} {next}"),
                )
            }
            Effect::Answered | Effect::Begin => advise(
                "Thank them without judging the answer and ask the next question.",
                &format!("{thanks} {next}"),
            ),
            Effect::Waiting | Effect::Over => advise("Ask the open question.", &next),
        }
    }

    /// The question to put, or the one for a few minutes.
    fn next_words(&self) -> String {
        if !self.survey.has_begun() {
            let language = self.caller.language;
            return language
                .pick([
                    "Do you have a few minutes for that?",
                    "¿Tiene unos minutos para eso?",
                    "Avez-vous quelques minutes pour cela ?",
                    "Haben Sie dafür ein paar Minuten Zeit?",
                ])
                .into();
        }
        self.survey.next_step().map_or_else(String::new, |step| step.question.wording.clone())
    }

    fn form_words(&self) -> Option<String> {
        let step = self.survey.pending_step()?;
        let language = self.survey.language();
        match &step.question.kind {
            Kind::Number(Some(bounds)) => Some(questions::scale(*bounds, language)),
            Kind::Number(None) => Some(
                language
                    .pick([
                        "Roughly what number would that be?",
                        "¿Qué número sería, más o menos?",
                        "Quel chiffre cela ferait-il à peu près ?",
                        "Welche Zahl wäre das ungefähr?",
                    ])
                    .into(),
            ),
            Kind::Choice(choices) => Some(questions::offer(choices, language)),
            Kind::Open | Kind::YesNo => None,
        }
    }

    /// Thanks, after what their last turn asks for first; unless a rule still wants something said.
    fn close(&mut self, first: Option<String>, done: bool) -> Guidance {
        if done && let Err(open) = self.rules.may_end() {
            return open;
        }
        let words = self.caller.language.pick([
            "Those were all my questions. Thank you very much for your time and your answers. Goodbye.",
            "Esas eran todas mis preguntas. Muchas gracias por su tiempo y sus respuestas. Adiós.",
            "C'étaient toutes mes questions. Merci beaucoup pour votre temps et vos réponses. Au revoir.",
            "Das waren alle meine Fragen. Vielen Dank für Ihre Zeit und Ihre Antworten. Auf Wiederhören.",
        ]);
        if !done {
            return self.end("They are leaving. Thank them.", stopped(self.caller.language));
        }
        let first = first.map_or(String::new(), |first| format!("{first} "));
        self.end("Every question was put.", &format!("{first}{words}"))
    }

    /// A property for each question, by the customer's schema if there is one.
    fn schema(&self) -> Schema {
        if let Some(schema) = &self.settings.schema {
            return schema.clone();
        }
        let mut properties = Map::new();
        for step in &self.survey.steps {
            let mut property = match &step.question.kind {
                Kind::Open | Kind::Choice(_) => json!({"type": "string"}),
                Kind::Number(_) => json!({"type": "number"}),
                Kind::YesNo => json!({"type": "boolean"}),
            };
            property["description"] = json!(step.question.content);
            properties.insert(step.question.name.clone(), property);
        }
        Schema::read(&json!({"type": "object", "properties": properties}))
    }

    fn report(&self, transcript: &[Turn], draft: Option<&str>) -> Report {
        let talk = strategy::talk_of(transcript, &self.caller, &self.brief);
        let schema = self.schema();
        let (mut grounded, own) = strategy::ground_draft(&schema, draft, &talk);
        for step in &self.survey.steps {
            self.drop_what_answered_another(step, &mut grounded);
            settle(step, &schema, is_drafted(draft, &step.question.name), &mut grounded);
        }
        self.insert_counts(&schema, &mut grounded.data);
        let wishes = strategy::wishes(&talk, &self.brief);
        let judged = own.get("success").and_then(Value::as_bool);
        let judged = judged.filter(|_| self.settings.success_criteria.is_some());
        let questions = self.survey.steps.len();
        let enough = self.survey.answered() > 0 && self.survey.answered() * 2 >= questions;
        let mut notes = std::mem::take(&mut grounded.notes);
        notes.push(format!("{} of {questions} questions were answered", self.survey.answered()));
        notes.extend(rules::unmet(&self.brief.rules, transcript));
        let summary = strategy::spoken_summary(own.get("summary"), &talk);
        Report {
            success: judged.unwrap_or(enough && wishes.do_not_call.is_none()),
            summary: summary.unwrap_or_else(|| self.summary(&wishes)),
            ungrounded: strategy::list_ungrounded(&grounded),
            data: Value::Object(grounded.data).to_string(),
            call_back: wishes.call_back,
            do_not_call: wishes.do_not_call,
            switch_channel: wishes.switch_channel,
            notes,
        }
    }

    /// What they said to another question is no answer to this one, though they did say it.
    fn drop_what_answered_another(&self, step: &Step, grounded: &mut Grounded) {
        let name = &step.question.name;
        let Some(Value::String(drafted)) = grounded.data.get(name) else { return };
        let near = |step: &Step| questions::overlap(drafted, &step.answer);
        let own = near(step);
        let elsewhere = self.survey.steps.iter().any(|other| near(other) > own);
        if step.state == State::Answered && elsewhere {
            let value = json!(drafted);
            let reason = "they said that to another question".to_owned();
            grounded.data.remove(name);
            grounded.ungrounded.push(Dropped { field: name.clone(), value, reason });
        }
    }

    /// A schema of the customer's gets the counts only where it has a place for them.
    fn insert_counts(&self, schema: &Schema, data: &mut Map<String, Value>) {
        for (name, count) in
            [("answered", self.survey.answered()), ("questions", self.survey.steps.len())]
        {
            if self.settings.schema.is_none() || schema.field(name).is_some() {
                data.insert(name.to_owned(), json!(count));
            }
        }
    }

    fn summary(&self, wishes: &Wishes) -> String {
        const ANSWERS_MAX: usize = 2;
        let answered = self.survey.answered();
        let mut sentences = Vec::new();
        if wishes.do_not_call.is_some() {
            sentences.push("They asked not to be called again.".to_owned());
        } else if wishes.call_back.is_some() {
            sentences.push("They asked to be called back.".to_owned());
        } else if self.survey.refused {
            sentences.push("They did not want to go on.".to_owned());
        }
        sentences
            .push(format!("They answered {answered} of {} questions.", self.survey.steps.len()));
        for step in
            self.survey.steps.iter().filter(|step| step.state == State::Answered).take(ANSWERS_MAX)
        {
            sentences.push(format!(
                "{}: \"{}\"",
                step.question.name.replace('_', " "),
                step.answer
            ));
        }
        sentences.join(" ")
    }
}

/// The model drafted this field; otherwise the transcript alone filled it.
fn is_drafted(draft: Option<&str>, name: &str) -> bool {
    let draft = draft.and_then(|text| serde_json::from_str::<Value>(text).ok());
    draft.is_some_and(|draft| draft.get(name).is_some())
}

/// What the course of the survey knows better than the draft: the number that was given, what was
/// refused. Our own question names every end of a scale, so a drafted rating proves nothing.
fn settle(step: &Step, schema: &Schema, by_model: bool, grounded: &mut Grounded) {
    let name = &step.question.name;
    let Some(field) = schema.field(name) else { return };
    let drafted = grounded.data.get(name).cloned();
    let filled = grounded.ungrounded.iter().any(|one| one.field == *name);
    let value = match step.state {
        State::Answered => step.value.clone().or_else(|| match step.question.kind {
            Kind::Open => {
                let kept = drafted.clone().filter(|_| by_model && !filled);
                kept.or_else(|| Some(json!(cut(&step.answer))))
            }
            _ => None,
        }),
        State::Refused | State::Open => None,
    };
    let text_only = matches!(step.question.kind, Kind::Open)
        && !matches!(field.kind, FieldType::String | FieldType::Any);
    // A structured field, or one told in passing, is the draft's to fill.
    if text_only || step.state == State::Open && step.asked == 0 {
        return;
    }
    if let Some(drafted) = drafted
        && value.as_ref() != Some(&drafted)
    {
        let same = value
            .as_ref()
            .and_then(Value::as_f64)
            .is_some_and(|value| Some(value) == drafted.as_f64());
        if !same && !filled && step.question.kind != Kind::Open {
            let reason = match &value {
                Some(value) => format!("the answer was {value}"),
                None => "they did not answer it".to_owned(),
            };
            grounded.ungrounded.push(Dropped { field: name.clone(), value: drafted, reason });
        }
    }
    match value {
        Some(value) => drop(grounded.data.insert(name.clone(), value)),
        None => drop(grounded.data.remove(name)),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(TEXT_VALUE_CHARS_MAX).collect()
}

/// Half a minute for each question.
fn minutes(questions: usize, language: Language) -> String {
    let minutes = questions.div_ceil(2).max(1);
    if minutes == 1 {
        return language.pick(["a minute", "un minuto", "une minute", "eine Minute"]).to_owned();
    }
    let unit = language.pick(["minutes", "minutos", "minutes", "Minuten"]);
    format!("{minutes} {unit}")
}

/// "Zum Thema Kundendienst", where the objective said "über den Kundendienst".
fn without_article(topic: &str, language: Language) -> &str {
    if language != Language::German {
        return topic;
    }
    for article in ["den ", "die ", "das ", "dem ", "der "] {
        if let Some(rest) = topic.strip_prefix(article) {
            return rest;
        }
    }
    topic
}

fn all_right(language: Language) -> &'static str {
    language.pick([
        "That is quite all right.",
        "No hay ningún problema.",
        "Il n'y a aucun problème.",
        "Das ist völlig in Ordnung.",
    ])
}

fn stopped(language: Language) -> &'static str {
    language.pick([
        "That is quite all right. Thank you for your time. Goodbye.",
        "No hay ningún problema. Gracias por su tiempo. Adiós.",
        "Il n'y a aucun problème. Merci de votre temps. Au revoir.",
        "Das ist völlig in Ordnung. Vielen Dank für Ihre Zeit. Auf Wiederhören.",
    ])
}

export!(InformationGather);
