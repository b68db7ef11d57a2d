//! Where the matter stands, by what they say.

use agenticcalling_playbook::strategy::{folded, says};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Done,
    InProgress,
    Blocked,
    NotStarted,
    Declined,
}

impl Status {
    pub(crate) const NAMES: [&str; 5] =
        ["done", "in_progress", "blocked", "not_started", "declined"];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Status::Done => "done",
            Status::InProgress => "in_progress",
            Status::Blocked => "blocked",
            Status::NotStarted => "not_started",
            Status::Declined => "declined",
        }
    }
}

/// What `text` says of the status, if anything. "Not sent yet" is no "sent".
pub(crate) fn of(text: &str) -> Option<Status> {
    let spoken = folded(text);
    if says(&spoken, DECLINED) {
        return Some(Status::Declined);
    }
    if is_blocked(text) {
        return Some(Status::Blocked);
    }
    if says(&spoken, NOT_STARTED) {
        return Some(Status::NotStarted);
    }
    if says(&spoken, IN_PROGRESS) {
        return Some(Status::InProgress);
    }
    let denied = says(
        &spoken,
        &[
            "not", "haven t", "hasn t", "isn t", "wasn t", "didn t", "no", "aun", "todavia", "pas",
            "nicht", "kein", "will", "ll", "can", "nunca",
        ],
    );
    (!denied && says(&spoken, DONE)).then_some(Status::Done)
}

/// Something stands in the way.
pub(crate) fn is_blocked(text: &str) -> bool {
    says(&folded(text), BLOCKED)
}

/// An answer that says when without saying when.
pub(crate) fn is_evasive(text: &str) -> bool {
    says(&folded(text), EVASIVE)
}

/// They cannot say.
pub(crate) fn does_not_know(text: &str) -> bool {
    says(
        &folded(text),
        &[
            "don t know",
            "do not know",
            "no idea",
            "not sure",
            "can t tell you",
            "cannot tell you",
            "can t say",
            "cannot say",
            "not my department",
            "would have to ask",
            "have to check with",
            "no lo se",
            "ni idea",
            "no le puedo decir",
            "no sabria decirle",
            "je ne sais pas",
            "aucune idee",
            "je ne peux pas vous dire",
            "weiss ich nicht",
            "weiss nicht",
            "keine ahnung",
            "kann ich nicht sagen",
            "kann ich ihnen nicht sagen",
        ],
    )
}

/// They take it on themselves.
pub(crate) fn is_themselves(text: &str) -> bool {
    const WORDS_MAX: usize = 8;
    let spoken = folded(text);
    spoken.split_whitespace().count() <= WORDS_MAX
        && says(
            &spoken,
            &[
                "me",
                "i am",
                "i m",
                "i do",
                "i will",
                "i ll",
                "myself",
                "that s me",
                "yo",
                "yo mismo",
                "yo misma",
                "moi",
                "moi meme",
                "je m en occupe",
                "ich",
                "ich selbst",
                "das bin ich",
                "me encargo",
            ],
        )
}

/// Says what they will do.
pub(crate) fn commits(sentence: &str) -> bool {
    says(
        &folded(sentence),
        &[
            "i ll",
            "we ll",
            "i will",
            "we will",
            "going to",
            "you will have",
            "you ll have",
            "you ll get",
            "will send",
            "will be sent",
            "voy a",
            "vamos a",
            "le mando",
            "le envio",
            "se lo mando",
            "se lo envio",
            "tendra",
            "enviare",
            "mandare",
            "je vais",
            "nous allons",
            "on va",
            "je vous envoie",
            "vous aurez",
            "vous recevrez",
            "j enverrai",
            "ich werde",
            "wir werden",
            "schicke ich",
            "ich schicke",
            "wir schicken",
            "bekommen sie",
            "erhalten sie",
            "sende ich",
            "ich sende",
        ],
    )
}

const DECLINED: &[&str] = &[
    "decided not to",
    "decided against",
    "no longer need",
    "no longer want",
    "no longer interested",
    "not interested",
    "won t be doing",
    "not going to happen",
    "we cancelled",
    "we canceled",
    "was cancelled",
    "was canceled",
    "went with someone else",
    "went with another",
    "no nos interesa",
    "ya no",
    "lo cancelamos",
    "hemos decidido no",
    "nous avons decide de ne",
    "plus interesse",
    "plus interesses",
    "c est annule",
    "nicht mehr interessiert",
    "kein interesse",
    "haben uns dagegen entschieden",
    "wurde storniert",
    "wurde abgesagt",
];
const BLOCKED: &[&str] = &[
    "waiting for",
    "waiting on",
    "still waiting",
    "still need",
    "still missing",
    "is missing",
    "are missing",
    "held up",
    "stuck",
    "on hold",
    "there s a problem",
    "there is a problem",
    "delayed because",
    "delayed by",
    "out of stock",
    "depends on you",
    "need from you",
    "esperando",
    "falta",
    "faltan",
    "hay un problema",
    "esta parado",
    "bloqueado",
    "nous attendons",
    "on attend",
    "j attends",
    "il manque",
    "il nous manque",
    "il y a un probleme",
    "bloque",
    "en attente",
    "warten noch",
    "warte noch",
    "wir warten",
    "ich warte",
    "es fehlt",
    "fehlt noch",
    "fehlen noch",
    "gibt ein problem",
    "blockiert",
];
const NOT_STARTED: &[&str] = &[
    "haven t started",
    "not started",
    "not yet",
    "haven t got",
    "haven t gotten",
    "haven t had",
    "haven t sent",
    "haven t done",
    "haven t looked",
    "hasn t been",
    "isn t done",
    "not done",
    "not ready",
    "isn t ready",
    "forgot",
    "slipped my mind",
    "didn t get to",
    "haven t finished",
    "todavia no",
    "aun no",
    "se me olvido",
    "no he podido",
    "no hemos podido",
    "pas encore",
    "j ai oublie",
    "pas eu le temps",
    "noch nicht",
    "vergessen",
    "nicht dazu gekommen",
    "nicht geschafft",
];
const IN_PROGRESS: &[&str] = &[
    "working on",
    "in progress",
    "almost done",
    "almost ready",
    "nearly done",
    "nearly ready",
    "nearly finished",
    "halfway",
    "in the works",
    "under review",
    "being processed",
    "being prepared",
    "being reviewed",
    "processing",
    "on it",
    "started",
    "should be done",
    "en ello",
    "estamos trabajando",
    "en proceso",
    "en curso",
    "casi listo",
    "casi lista",
    "en revision",
    "lo estamos",
    "en cours",
    "on y travaille",
    "nous y travaillons",
    "presque fini",
    "presque pret",
    "on s en occupe",
    "in arbeit",
    "arbeiten daran",
    "arbeite daran",
    "sind dran",
    "bin dran",
    "fast fertig",
    "in bearbeitung",
    "wird gerade",
];
const DONE: &[&str] = &[
    "done",
    "sent",
    "finished",
    "completed",
    "complete",
    "shipped",
    "paid",
    "delivered",
    "approved",
    "signed",
    "ready",
    "went out",
    "fixed",
    "resolved",
    "taken care of",
    "all set",
    "enviado",
    "enviada",
    "hecho",
    "listo",
    "lista",
    "terminado",
    "pagado",
    "pagada",
    "entregado",
    "firmado",
    "resuelto",
    "envoye",
    "envoyee",
    "fait",
    "termine",
    "paye",
    "payee",
    "livre",
    "signe",
    "pret",
    "regle",
    "geschickt",
    "verschickt",
    "gesendet",
    "erledigt",
    "fertig",
    "bezahlt",
    "geliefert",
    "unterschrieben",
    "abgeschlossen",
    "rausgegangen",
];
const EVASIVE: &[&str] = &[
    "soon",
    "as soon as possible",
    "shortly",
    "we ll see",
    "i ll see",
    "hard to say",
    "can t promise",
    "cannot promise",
    "at some point",
    "sometime",
    "when i can",
    "when we can",
    "in due course",
    "no date",
    "can t say when",
    "pronto",
    "en cuanto pueda",
    "en cuanto podamos",
    "ya veremos",
    "cuando pueda",
    "no puedo prometer",
    "bientot",
    "des que possible",
    "on verra",
    "quand je pourrai",
    "je ne peux pas promettre",
    "bald",
    "demnachst",
    "so schnell wie moglich",
    "mal sehen",
    "wenn ich dazu komme",
    "kann ich nicht versprechen",
    "irgendwann",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_they_say_of_it() {
        let check = |text: &str, expected: Option<Status>| assert_eq!(of(text), expected, "{text}");
        check("I sent it yesterday.", Some(Status::Done));
        check("We haven't sent it yet.", Some(Status::NotStarted));
        check("I will have it done by Friday.", None);
        check("We're still working on it.", Some(Status::InProgress));
        check("We are waiting for the manager's signature.", Some(Status::Blocked));
        check("We decided not to go ahead.", Some(Status::Declined));
        check("Todavía no.", Some(Status::NotStarted));
        check("C'est envoyé.", Some(Status::Done));
        check("Das ist schon erledigt.", Some(Status::Done));
        check("Es fehlt noch die Unterschrift.", Some(Status::Blocked));
        check("Hello?", None);
    }
}
