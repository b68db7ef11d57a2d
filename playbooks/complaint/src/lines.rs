//! What we say, in the call's language.

use agenticcalling_playbook::strategy::Language;

use crate::case::{Case, Resolution};

pub(crate) struct Lines {
    pub(crate) language: Language,
}

impl Lines {
    /// What the call is about, as a sentence.
    pub(crate) fn issue(&self, case: &Case) -> String {
        let issue = case.issue.as_deref().unwrap_or(self.language.pick([
            "there is a problem with what we received",
            "hay un problema con lo que recibimos",
            "il y a un problème avec ce que nous avons reçu",
            "mit dem, was wir erhalten haben, stimmt etwas nicht",
        ]));
        let template = self.language.pick([
            "I am calling with a complaint: {}.",
            "Llamo por una reclamación: {}.",
            "J'appelle pour une réclamation : {}.",
            "Ich rufe wegen einer Reklamation an: {}.",
        ]);
        fill(template, issue)
    }

    /// Order number, date and amount, as far as they are known.
    pub(crate) fn facts(&self, case: &Case) -> Option<String> {
        let all = [self.order(case), self.date(case), self.amount(case)];
        let known: Vec<String> = all.into_iter().flatten().collect();
        (!known.is_empty()).then(|| known.join(" "))
    }

    pub(crate) fn order(&self, case: &Case) -> Option<String> {
        let template = self.language.pick([
            "The order number is {}.",
            "El número de pedido es {}.",
            "Le numéro de commande est {}.",
            "Die Bestellnummer ist {}.",
        ]);
        case.order.as_deref().map(|order| fill(template, order))
    }

    pub(crate) fn date(&self, case: &Case) -> Option<String> {
        let template = self.language.pick([
            "The date was {}.",
            "La fecha fue: {}.",
            "La date était : {}.",
            "Das Datum war: {}.",
        ]);
        case.date.as_deref().map(|date| fill(template, date))
    }

    pub(crate) fn amount(&self, case: &Case) -> Option<String> {
        let template = self.language.pick([
            "The amount is {}.",
            "El importe es de {}.",
            "Le montant est de {}.",
            "Der Betrag ist {}.",
        ]);
        let (amount, currency) = case.amount?;
        Some(fill(template, &self.language.price(amount, currency)))
    }

    pub(crate) fn noun(&self, resolution: Resolution) -> &'static str {
        match resolution {
            Resolution::Refund => self.language.pick([
                "a refund",
                "un reembolso",
                "un remboursement",
                "eine Erstattung",
            ]),
            Resolution::Replacement => self.language.pick([
                "a replacement",
                "una sustitución",
                "un remplacement",
                "Ersatz",
            ]),
            Resolution::Credit => {
                self.language.pick(["a credit", "un abono", "un avoir", "eine Gutschrift"])
            }
            Resolution::Repair => self.language.pick([
                "a repair",
                "una reparación",
                "une réparation",
                "eine Reparatur",
            ]),
            Resolution::Apology => self.language.pick([
                "an apology",
                "una disculpa",
                "des excuses",
                "eine Entschuldigung",
            ]),
        }
    }

    pub(crate) fn ask(&self, wanted: Option<Resolution>) -> String {
        let Some(wanted) = wanted else {
            return self
                .language
                .pick([
                    "What can you do to put this right?",
                    "¿Qué puede hacer para solucionarlo?",
                    "Que pouvez-vous faire pour régler cela ?",
                    "Was können Sie tun, um das in Ordnung zu bringen?",
                ])
                .to_owned();
        };
        let template = self.language.pick([
            "What I am asking for is {}. Can you arrange that?",
            "Lo que solicito es {}. ¿Puede tramitarlo?",
            "Ce que je demande, c'est {}. Pouvez-vous vous en occuper ?",
            "Ich hätte gern {}. Können Sie das veranlassen?",
        ]);
        fill(template, self.noun(wanted))
    }

    pub(crate) fn alternative(&self, other: Resolution) -> String {
        let template = self.language.pick([
            "I understand. Would {} be possible instead?",
            "Entiendo. ¿Sería posible en su lugar {}?",
            "Je comprends. Serait-il possible d'avoir {} à la place ?",
            "Ich verstehe. Wäre stattdessen {} möglich?",
        ]);
        fill(template, self.noun(other))
    }

    /// They offer something else than what is wanted.
    pub(crate) fn rather(&self, wanted: Resolution) -> String {
        let template = self.language.pick([
            "Thank you for the offer, but that does not settle it for us. We ask for {}. Is that possible?",
            "Gracias por la oferta, pero con eso no queda resuelto. Pedimos {}. ¿Es posible?",
            "Merci de cette proposition, mais cela ne règle pas le problème. Nous demandons {}. Est-ce possible ?",
            "Danke für das Angebot, aber damit ist es für uns nicht erledigt. Wir bitten um {}. Ist das möglich?",
        ]);
        fill(template, self.noun(wanted))
    }

    pub(crate) fn when_and_who(&self) -> &'static str {
        self.language.pick([
            "Thank you. By when will that be done, and who will take care of it?",
            "Gracias. ¿Para cuándo estará hecho y quién se encargará?",
            "Merci. Pour quand ce sera fait, et qui s'en occupera ?",
            "Danke. Bis wann wird das erledigt, und wer kümmert sich darum?",
        ])
    }

    pub(crate) fn when(&self) -> &'static str {
        self.language.pick([
            "Thank you, I appreciate that. By when can we expect it?",
            "Gracias, se lo agradezco. ¿Para cuándo podemos esperarlo?",
            "Merci, c'est appréciable. Pour quand pouvons-nous l'attendre ?",
            "Danke, das weiß ich zu schätzen. Bis wann können wir damit rechnen?",
        ])
    }

    pub(crate) fn supervisor(&self) -> &'static str {
        self.language.pick([
            "I understand that this is not up to you, but it does not settle the matter. Could I speak with a supervisor or manager, please?",
            "Entiendo que no depende de usted, pero así no queda resuelto. ¿Podría hablar con un supervisor o responsable, por favor?",
            "Je comprends que cela ne dépend pas de vous, mais le problème n'est pas réglé. Pourrais-je parler à un responsable, s'il vous plaît ?",
            "Ich verstehe, dass das nicht an Ihnen liegt, aber damit ist die Sache nicht erledigt. Könnte ich bitte mit einer vorgesetzten Person sprechen?",
        ])
    }

    pub(crate) fn register(&self) -> &'static str {
        self.language.pick([
            "Then please register the complaint. Could you give me its reference number?",
            "Entonces, por favor, registre la reclamación. ¿Podría darme el número de referencia?",
            "Alors, veuillez enregistrer la réclamation. Pourriez-vous me donner son numéro de référence ?",
            "Dann nehmen Sie die Beschwerde bitte auf. Könnten Sie mir die Referenznummer nennen?",
        ])
    }

    pub(crate) fn writing(&self) -> &'static str {
        self.language.pick([
            "We will also send the complaint in writing. Which address should it go to?",
            "También enviaremos la reclamación por escrito. ¿A qué dirección debe ir?",
            "Nous enverrons aussi la réclamation par écrit. À quelle adresse faut-il l'envoyer ?",
            "Wir reichen die Beschwerde auch schriftlich ein. An welche Adresse soll sie gehen?",
        ])
    }

    pub(crate) fn reference(&self) -> &'static str {
        self.language.pick([
            "Could I have a reference number for that, please?",
            "¿Me podría dar un número de referencia, por favor?",
            "Pourrais-je avoir un numéro de référence, s'il vous plaît ?",
            "Könnte ich dafür bitte eine Referenznummer bekommen?",
        ])
    }

    pub(crate) fn name(&self) -> &'static str {
        self.language.pick([
            "And may I ask who I am speaking with?",
            "¿Y me puede decir su nombre, por favor?",
            "Et puis-je vous demander votre nom ?",
            "Und darf ich nach Ihrem Namen fragen?",
        ])
    }

    /// The end: resolution, date and reference once more.
    pub(crate) fn recap(
        &self,
        resolution: Option<&str>,
        date: Option<&str>,
        reference: Option<&str>,
    ) -> String {
        let mut parts = Vec::new();
        let resolution = resolution.unwrap_or(self.language.pick([
            "the complaint is registered",
            "la reclamación queda registrada",
            "la réclamation est enregistrée",
            "die Beschwerde ist aufgenommen",
        ]));
        parts.push(resolution.to_owned());
        if let Some(date) = date {
            parts.push(fill(
                self.language.pick(["timing: {}", "plazo: {}", "délai : {}", "Frist: {}"]),
                date,
            ));
        }
        if let Some(reference) = reference {
            let template = self.language.pick([
                "reference {}",
                "referencia {}",
                "référence {}",
                "Referenz {}",
            ]);
            parts.push(fill(template, reference));
        }
        let template = self.language.pick([
            "To repeat what we have: {}. Thank you for your help. Goodbye.",
            "Repito lo acordado: {}. Gracias por su ayuda. Adiós.",
            "Je récapitule : {}. Merci de votre aide. Au revoir.",
            "Ich fasse zusammen: {}. Vielen Dank für Ihre Hilfe. Auf Wiederhören.",
        ]);
        fill(template, &parts.join(", "))
    }

    pub(crate) fn unsettled(&self, reference: Option<&str>) -> String {
        let reference = reference.map_or(String::new(), |reference| {
            let template = self.language.pick([
                " The reference is {}.",
                " La referencia es {}.",
                " La référence est {}.",
                " Die Referenz ist {}.",
            ]);
            fill(template, reference)
        });
        let template = self.language.pick([
            "Then I note that no solution was found today and will pass that on.{} Thank you for your time. Goodbye.",
            "Entonces tomo nota de que hoy no hay solución y lo comunicaré.{} Gracias por su tiempo. Adiós.",
            "Je note donc qu'aucune solution n'a été trouvée aujourd'hui et je le transmettrai.{} Merci de votre temps. Au revoir.",
            "Dann halte ich fest, dass es heute keine Lösung gab, und gebe das weiter.{} Vielen Dank für Ihre Zeit. Auf Wiederhören.",
        ]);
        fill(template, &reference)
    }
}

fn fill(template: &str, value: &str) -> String {
    template.replace("{}", value)
}
