//! What we say, in the call's language.

use agenticcalling_playbook::strategy::Language;

use crate::hearing::Objection;
use crate::pitch::Pitch;
use crate::steps::Step;

pub(crate) struct Lines {
    pub(crate) language: Language,
}

impl Lines {
    /// Why we call, and that it is a sales call.
    pub(crate) fn purpose(&self, pitch: &Pitch) -> String {
        match &pitch.topic {
            Some(topic) => fill(
                self.language.pick([
                    "This is a sales call, it is about {}.",
                    "Es una llamada comercial, se trata de {}.",
                    "C'est un appel commercial, il s'agit de {}.",
                    "Das ist ein Verkaufsanruf, es geht um {}.",
                ]),
                topic,
            ),
            None => self
                .language
                .pick([
                    "This is a sales call.",
                    "Es una llamada comercial.",
                    "C'est un appel commercial.",
                    "Das ist ein Verkaufsanruf.",
                ])
                .to_owned(),
        }
    }

    pub(crate) fn permission(&self) -> &'static str {
        self.language.pick([
            "May I take one minute of your time?",
            "¿Me permite un minuto?",
            "Puis-je vous prendre une minute ?",
            "Darf ich eine Minute Ihrer Zeit in Anspruch nehmen?",
        ])
    }

    pub(crate) fn yes_sales(&self, pitch: &Pitch) -> String {
        let yes = self.language.pick(["Yes.", "Sí.", "Oui.", "Ja."]);
        format!("{yes} {}", self.purpose(pitch))
    }

    pub(crate) fn step(&self, step: &Step, pitch: &Pitch) -> String {
        match step {
            Step::Permission => self.permission().to_owned(),
            Step::DecisionMaker => self
                .language
                .pick([
                    "Are you the one who decides about that?",
                    "¿Es usted quien decide sobre eso?",
                    "Est-ce vous qui décidez de cela ?",
                    "Entscheiden Sie darüber?",
                ])
                .to_owned(),
            Step::Whom => self
                .language
                .pick([
                    "Who would be the right person to talk to?",
                    "¿Con quién debería hablar?",
                    "À qui devrais-je m'adresser ?",
                    "Mit wem sollte ich dann sprechen?",
                ])
                .to_owned(),
            Step::Current => self
                .language
                .pick([
                    "How do you handle that today?",
                    "¿Cómo lo resuelven hoy?",
                    "Comment faites-vous aujourd'hui ?",
                    "Wie lösen Sie das heute?",
                ])
                .to_owned(),
            Step::Timing => self
                .language
                .pick([
                    "Is there a time by which you would want to change something?",
                    "¿Hay un plazo en el que querrían cambiar algo?",
                    "Y a-t-il une échéance à laquelle vous voudriez changer quelque chose ?",
                    "Gibt es einen Zeitpunkt, bis zu dem Sie etwas ändern möchten?",
                ])
                .to_owned(),
            Step::Budget => self
                .language
                .pick([
                    "Is there a budget set aside for that?",
                    "¿Hay un presupuesto previsto para eso?",
                    "Un budget est-il prévu pour cela ?",
                    "Ist dafür ein Budget vorgesehen?",
                ])
                .to_owned(),
            Step::Custom(index) => {
                let question = pitch.questions.get(*index).map_or("", String::as_str);
                format!("Could you tell me {question}?")
            }
            Step::Meet => fill(
                self.language.pick([
                    "Would {} make sense for you?",
                    "¿Le interesaría {}?",
                    "Pourrions-nous convenir d'{} ?",
                    "Wäre {} für Sie interessant?",
                ]),
                self.meeting(pitch),
            ),
            Step::When => self
                .language
                .pick([
                    "Which day and time would suit you?",
                    "¿Qué día y a qué hora le viene bien?",
                    "Quel jour et à quelle heure cela vous conviendrait-il ?",
                    "Welcher Tag und welche Uhrzeit passen Ihnen?",
                ])
                .to_owned(),
            Step::Email => self
                .language
                .pick([
                    "Which e-mail address may we send the invitation to?",
                    "¿A qué correo electrónico podemos enviar la invitación?",
                    "À quelle adresse e-mail pouvons-nous envoyer l'invitation ?",
                    "An welche E-Mail-Adresse dürfen wir die Einladung schicken?",
                ])
                .to_owned(),
            Step::Instead => self
                .language
                .pick([
                    "May I send you something by e-mail instead?",
                    "¿Puedo enviarle algo por correo electrónico?",
                    "Puis-je plutôt vous envoyer quelque chose par e-mail ?",
                    "Darf ich Ihnen stattdessen etwas per E-Mail schicken?",
                ])
                .to_owned(),
            Step::Address => self
                .language
                .pick([
                    "Gladly. Which e-mail address should it go to?",
                    "Con gusto. ¿A qué correo electrónico se lo enviamos?",
                    "Volontiers. À quelle adresse e-mail faut-il l'envoyer ?",
                    "Gerne. An welche E-Mail-Adresse soll es gehen?",
                ])
                .to_owned(),
            Step::Later => self
                .language
                .pick([
                    "Of course, I will not keep you. When would be a better moment to call?",
                    "Por supuesto, no le entretengo. ¿Cuándo sería mejor momento para llamar?",
                    "Bien sûr, je ne vous retiens pas. Quel serait un meilleur moment pour appeler ?",
                    "Natürlich, ich halte Sie nicht auf. Wann passt ein Anruf besser?",
                ])
                .to_owned(),
            Step::Improve => self
                .language
                .pick([
                    "Good to hear. If there was one thing you could improve about it, what would it be?",
                    "Me alegro. Si pudiera mejorar una sola cosa, ¿cuál sería?",
                    "C'est bien. S'il y avait une seule chose à améliorer, laquelle serait-ce ?",
                    "Das ist gut. Wenn Sie daran eine Sache verbessern könnten, welche wäre das?",
                ])
                .to_owned(),
        }
    }

    fn meeting(&self, pitch: &Pitch) -> &'static str {
        if pitch.is_demo {
            self.language.pick([
                "a short demo",
                "una breve demostración",
                "une courte démonstration",
                "eine kurze Vorführung",
            ])
        } else {
            self.language.pick([
                "a short meeting",
                "una breve reunión",
                "un court rendez-vous",
                "ein kurzes Gespräch",
            ])
        }
    }

    /// What is said to an objection before the next question.
    pub(crate) fn concede(&self, objection: Objection) -> &'static str {
        match objection {
            Objection::TooExpensive => self.language.pick([
                "I understand. Only a closer look shows whether it is worth it for you.",
                "Lo entiendo. Solo viéndolo se sabe si le merece la pena.",
                "Je comprends. Seul un examen plus précis montre si cela en vaut la peine pour vous.",
                "Das verstehe ich. Ob es sich für Sie lohnt, zeigt erst ein genauerer Blick.",
            ]),
            Objection::NoTime | Objection::Supplier | Objection::SendInfo => "",
        }
    }

    pub(crate) fn no_price(&self) -> &'static str {
        self.language.pick([
            "I cannot name a price on this call; my colleagues will.",
            "No puedo decirle un precio en esta llamada; mis compañeros lo harán.",
            "Je ne peux pas donner de prix pendant cet appel ; mes collègues le feront.",
            "Einen Preis kann ich in diesem Gespräch nicht nennen, das übernehmen meine Kollegen.",
        ])
    }

    /// A no is a no.
    pub(crate) fn respect(&self) -> &'static str {
        self.language.pick([
            "I understand. Thank you for your time. Goodbye.",
            "Lo entiendo. Gracias por su tiempo. Adiós.",
            "Je comprends. Merci de votre temps. Au revoir.",
            "Das verstehe ich. Vielen Dank für Ihre Zeit. Auf Wiederhören.",
        ])
    }

    /// The end: what was agreed, once more.
    pub(crate) fn confirm(
        &self,
        day: Option<&str>,
        time: Option<&str>,
        email: Option<&str>,
    ) -> String {
        let mut parts = Vec::new();
        parts.extend(day.map(str::to_owned));
        parts.extend(time.map(str::to_owned));
        parts.extend(email.map(|address| self.address(address)));
        let thanks = self.language.pick([
            "Thank you very much. Goodbye.",
            "Muchas gracias. Adiós.",
            "Merci beaucoup. Au revoir.",
            "Vielen Dank. Auf Wiederhören.",
        ]);
        if parts.is_empty() {
            return thanks.to_owned();
        }
        let template = self.language.pick([
            "I have noted: {}.",
            "He anotado: {}.",
            "J'ai noté : {}.",
            "Ich habe notiert: {}.",
        ]);
        format!("{} {thanks}", fill(template, &parts.join(", ")))
    }

    /// As it is read aloud.
    fn address(&self, address: &str) -> String {
        let at = self.language.pick([" at ", " arroba ", " arobase ", " at "]);
        let dot = self.language.pick([" dot ", " punto ", " point ", " Punkt "]);
        address.replace('@', at).replace('.', dot)
    }
}

fn fill(template: &str, value: &str) -> String {
    template.replace("{}", value)
}
