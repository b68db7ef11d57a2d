//! What we say, in the call's language.

use agenticcalling_playbook::strategy::Language;

use crate::bargain::Move;
use crate::plan::Side;
use crate::terms::Trade;

pub(crate) struct Lines {
    pub(crate) language: Language,
    pub(crate) side: Side,
    pub(crate) currency: Option<&'static str>,
    pub(crate) per_unit: bool,
    /// What is bought or sold, in the customer's words.
    pub(crate) subject: Option<String>,
}

impl Lines {
    /// "$54 per unit".
    pub(crate) fn price(&self, amount: f64) -> String {
        let price = self.language.price(amount, self.currency);
        if !self.per_unit {
            return price;
        }
        let unit = self.language.pick(["per unit", "por unidad", "par unité", "pro Stück"]);
        format!("{price} {unit}")
    }

    /// What the call is about, as a sentence.
    pub(crate) fn purpose(&self) -> String {
        match &self.subject {
            Some(subject) => fill(
                self.language.pick([
                    "I am calling about the price for {}.",
                    "Llamo por el precio: {}.",
                    "J'appelle au sujet du prix : {}.",
                    "Es geht um den Preis: {}.",
                ]),
                subject,
            ),
            None => self
                .language
                .pick([
                    "I am calling about the price.",
                    "Llamo para hablar del precio.",
                    "J'appelle au sujet du prix.",
                    "Es geht um den Preis.",
                ])
                .to_owned(),
        }
    }

    pub(crate) fn help(&self) -> &'static str {
        self.language.pick([
            "Are you the right person to talk to about the price?",
            "¿Puedo hablar del precio con usted?",
            "Est-ce que je peux parler du prix avec vous ?",
            "Kann ich mit Ihnen über den Preis sprechen?",
        ])
    }

    pub(crate) fn say(&self, chosen: Move) -> String {
        match chosen {
            Move::AskPrice { again } => self.ask(again).to_owned(),
            Move::Offer(price) => self.offer(price),
            Move::Compete(price) => self.compete(price),
            Move::Trade(trade, offered) => self.trade(trade, offered).to_owned(),
            Move::Insist => self.insist().to_owned(),
            Move::Final(price) => self.last(price),
            Move::Hold(price) => self.hold(price),
            Move::Accept(price) => self.accept(price),
            Move::Leave => self.leave().to_owned(),
        }
    }

    fn ask(&self, again: bool) -> &'static str {
        match (self.side, again) {
            (Side::Buyer, false) => self.language.pick([
                "What is the best price you could do?",
                "¿Cuál es el mejor precio que puede ofrecer?",
                "Quel est le meilleur prix que vous pourriez faire ?",
                "Welchen Preis könnten Sie uns machen?",
            ]),
            (Side::Buyer, true) => self.language.pick([
                "I understand. What price could you do, then?",
                "Entiendo. ¿Qué precio podría ofrecer, entonces?",
                "Je comprends. Quel prix pourriez-vous faire, alors ?",
                "Ich verstehe. Welchen Preis könnten Sie denn machen?",
            ]),
            (Side::Seller, false) => self.language.pick([
                "What price could you offer?",
                "¿Qué precio podría ofrecer?",
                "Quel prix pourriez-vous proposer ?",
                "Welchen Preis könnten Sie uns bieten?",
            ]),
            (Side::Seller, true) => self.language.pick([
                "I understand. What price could you offer, then?",
                "Entiendo. ¿Qué precio podría ofrecer, entonces?",
                "Je comprends. Quel prix pourriez-vous proposer, alors ?",
                "Ich verstehe. Welchen Preis könnten Sie denn bieten?",
            ]),
        }
    }

    fn offer(&self, price: f64) -> String {
        let template = match self.side {
            Side::Buyer => self.language.pick([
                "What we had in mind is {}. Could you do that?",
                "Nosotros pensábamos en {}. ¿Podría hacerlo?",
                "Nous pensions à {}. Pourriez-vous faire cela ?",
                "Wir hatten an {} gedacht. Könnten Sie das machen?",
            ]),
            Side::Seller => self.language.pick([
                "What we had in mind is {}. Would you agree to that?",
                "Nosotros pensábamos en {}. ¿Le parece bien?",
                "Nous pensions à {}. Cela vous conviendrait-il ?",
                "Wir hatten an {} gedacht. Wären Sie damit einverstanden?",
            ]),
        };
        fill(template, &self.price(price))
    }

    /// An offer after another, as the step it is.
    pub(crate) fn concession(&self, price: f64) -> String {
        let template = self.language.pick([
            "Thank you for coming towards us. We could go to {}. Could you do that?",
            "Gracias por acercarse. Podríamos llegar a {}. ¿Podría hacerlo?",
            "Merci de faire un pas vers nous. Nous pourrions aller à {}. Pourriez-vous faire cela ?",
            "Danke, dass Sie uns entgegenkommen. Wir könnten auf {} gehen. Könnten Sie das machen?",
        ]);
        fill(template, &self.price(price))
    }

    fn compete(&self, price: f64) -> String {
        let template = match self.side {
            Side::Buyer => self.language.pick([
                "To be open with you, we have another quote at {}. Could you match or beat that price?",
                "Para serle franco, tenemos otra oferta de {}. ¿Podría igualar o mejorar ese precio?",
                "Pour être franc, nous avons une autre offre à {}. Pourriez-vous vous aligner ou faire mieux ?",
                "Offen gesagt, liegt uns ein anderes Angebot über {} vor. Könnten Sie da mithalten?",
            ]),
            Side::Seller => self.language.pick([
                "To be open with you, we have another offer at {}. Could you match or beat that price?",
                "Para serle franco, tenemos otra oferta de {}. ¿Podría igualar o mejorar ese precio?",
                "Pour être franc, nous avons une autre offre à {}. Pourriez-vous vous aligner ou faire mieux ?",
                "Offen gesagt, liegt uns ein anderes Angebot über {} vor. Könnten Sie da mithalten?",
            ]),
        };
        fill(template, &self.price(price))
    }

    /// `offered` if the brief says that we can give it; otherwise it is only asked about.
    fn trade(&self, trade: Trade, offered: bool) -> &'static str {
        match (self.side, trade, offered) {
            (Side::Buyer, Trade::Volume, true) => self.language.pick([
                "We could take a larger order. What price could you do then?",
                "Podríamos hacer un pedido mayor. ¿Qué precio podría hacer entonces?",
                "Nous pourrions passer une commande plus importante. Quel prix feriez-vous alors ?",
                "Wir könnten mehr abnehmen. Welchen Preis könnten Sie dann machen?",
            ]),
            (Side::Buyer, Trade::Volume, false) => self.language.pick([
                "Would a larger order bring the price down?",
                "¿Bajaría el precio con un pedido mayor?",
                "Une commande plus importante ferait-elle baisser le prix ?",
                "Würde eine größere Bestellung den Preis senken?",
            ]),
            (Side::Buyer, Trade::Payment, true) => self.language.pick([
                "We could pay faster. What price could you do then?",
                "Podríamos pagar antes. ¿Qué precio podría hacer entonces?",
                "Nous pourrions payer plus vite. Quel prix feriez-vous alors ?",
                "Wir könnten schneller zahlen. Welchen Preis könnten Sie dann machen?",
            ]),
            (Side::Buyer, Trade::Payment, false) => self.language.pick([
                "Would faster payment bring the price down?",
                "¿Bajaría el precio con un pago más rápido?",
                "Un paiement plus rapide ferait-il baisser le prix ?",
                "Würde eine schnellere Zahlung den Preis senken?",
            ]),
            (Side::Buyer, Trade::Term, true) => self.language.pick([
                "We could commit to a longer term. What price could you do then?",
                "Podríamos comprometernos por más tiempo. ¿Qué precio podría hacer entonces?",
                "Nous pourrions nous engager plus longtemps. Quel prix feriez-vous alors ?",
                "Wir könnten uns länger binden. Welchen Preis könnten Sie dann machen?",
            ]),
            (Side::Buyer, Trade::Term, false) => self.language.pick([
                "Would a longer commitment bring the price down?",
                "¿Bajaría el precio con un compromiso más largo?",
                "Un engagement plus long ferait-il baisser le prix ?",
                "Würde eine längere Laufzeit den Preis senken?",
            ]),
            (Side::Seller, Trade::Volume, _) => self.language.pick([
                "What price could you offer for a smaller quantity, or for a larger one?",
                "¿Qué precio podría ofrecer por otra cantidad?",
                "Quel prix pourriez-vous proposer pour une autre quantité ?",
                "Welchen Preis könnten Sie für eine andere Menge bieten?",
            ]),
            (Side::Seller, Trade::Payment, _) => self.language.pick([
                "If you could take more time to pay, what price could you offer?",
                "Si pudiera pagar más adelante, ¿qué precio podría ofrecer?",
                "Si vous pouviez payer plus tard, quel prix pourriez-vous proposer ?",
                "Wenn Sie später zahlen könnten, welchen Preis könnten Sie bieten?",
            ]),
            (Side::Seller, Trade::Term, _) => self.language.pick([
                "Would a longer agreement let you offer a better price?",
                "¿Podría mejorar el precio con un acuerdo más largo?",
                "Un accord plus long permettrait-il un meilleur prix ?",
                "Wäre bei einer längeren Vereinbarung ein besserer Preis möglich?",
            ]),
        }
    }

    fn insist(&self) -> &'static str {
        self.language.pick([
            "Is that really the best price you can do?",
            "¿Es realmente el mejor precio que puede ofrecer?",
            "Est-ce vraiment le meilleur prix que vous puissiez faire ?",
            "Ist das wirklich der beste Preis, den Sie machen können?",
        ])
    }

    fn last(&self, price: f64) -> String {
        let template = self.language.pick([
            "I am sorry, that price is too high for us. What I can offer is {}. Could you do that?",
            "Lo siento, ese precio es demasiado alto para nosotros. Puedo ofrecerle {}. ¿Podría hacerlo?",
            "Je suis désolé, ce prix est trop élevé pour nous. Je peux vous proposer {}. Pourriez-vous faire cela ?",
            "Das ist leider zu viel für uns. Anbieten kann ich {}. Könnten Sie das machen?",
        ]);
        let sold = self.language.pick([
            "I am sorry, that price is too low for us. What I can offer is {}. Could you do that?",
            "Lo siento, ese precio es demasiado bajo para nosotros. Puedo ofrecerle {}. ¿Le parece bien?",
            "Je suis désolé, ce prix est trop bas pour nous. Je peux vous proposer {}. Cela vous conviendrait-il ?",
            "Das ist leider zu wenig für uns. Anbieten kann ich {}. Wären Sie damit einverstanden?",
        ]);
        fill(if self.side == Side::Buyer { template } else { sold }, &self.price(price))
    }

    /// They went back on a price that we had agreed on.
    fn hold(&self, price: f64) -> String {
        let template = self.language.pick([
            "A moment ago we were at {}. Could you keep to that?",
            "Hace un momento estábamos en {}. ¿Podría mantenerlo?",
            "Nous en étions à {} il y a un instant. Pourriez-vous vous y tenir ?",
            "Gerade eben waren wir bei {}. Könnten Sie dabei bleiben?",
        ]);
        fill(template, &self.price(price))
    }

    /// The agreement, and that it be put in writing.
    pub(crate) fn accept(&self, price: f64) -> String {
        let template = self.language.pick([
            "Then we are agreed at {}. Could you confirm that in writing, please?",
            "Entonces quedamos de acuerdo en {}. ¿Podría confirmarlo por escrito, por favor?",
            "Nous sommes donc d'accord sur {}. Pourriez-vous le confirmer par écrit, s'il vous plaît ?",
            "Dann sind wir uns einig: {}. Könnten Sie das bitte schriftlich bestätigen?",
        ]);
        fill(template, &self.price(price))
    }

    pub(crate) fn leave(&self) -> &'static str {
        self.language.pick([
            "Thank you for your time. I will take that back to my client. Goodbye.",
            "Gracias por su tiempo. Se lo comunicaré a mi cliente. Adiós.",
            "Merci de votre temps. J'en parlerai à mon client. Au revoir.",
            "Vielen Dank für Ihre Zeit. Ich gebe das an meinen Auftraggeber weiter. Auf Wiederhören.",
        ])
    }

    /// Asked how far we would go.
    pub(crate) fn no_limit(&self) -> &'static str {
        self.language.pick([
            "I would rather not name a limit.",
            "Prefiero no hablar de límites.",
            "Je préfère ne pas parler de limite.",
            "Eine Grenze möchte ich nicht nennen.",
        ])
    }

    pub(crate) fn restate(&self, price: f64) -> String {
        let template = self.language.pick([
            "Our offer is {}. Could you do that?",
            "Nuestra oferta es {}. ¿Podría hacerlo?",
            "Notre offre est de {}. Pourriez-vous faire cela ?",
            "Unser Angebot ist {}. Könnten Sie das machen?",
        ]);
        fill(template, &self.price(price))
    }

    /// A price that hangs on something the brief does not offer.
    pub(crate) fn condition(&self) -> &'static str {
        self.language.pick([
            "I would have to check that condition with my client. What price could you do without it?",
            "Esa condición tendría que consultarla con mi cliente. ¿Qué precio podría hacer sin ella?",
            "Je devrais vérifier cette condition avec mon client. Quel prix feriez-vous sans elle ?",
            "Diese Bedingung müsste ich mit meinem Auftraggeber klären. Welchen Preis könnten Sie ohne sie machen?",
        ])
    }

    pub(crate) fn when(&self) -> &'static str {
        self.language.pick([
            "Of course. When may we expect your answer?",
            "Por supuesto. ¿Cuándo podemos esperar su respuesta?",
            "Bien sûr. Quand pouvons-nous espérer votre réponse ?",
            "Natürlich. Wann dürfen wir mit Ihrer Antwort rechnen?",
        ])
    }

    pub(crate) fn name(&self) -> &'static str {
        self.language.pick([
            "May I ask who I am speaking with?",
            "¿Me puede decir su nombre, por favor?",
            "Puis-je vous demander votre nom ?",
            "Darf ich nach Ihrem Namen fragen?",
        ])
    }

    pub(crate) fn thanks(&self, name: Option<&str>) -> String {
        let thanks = self.language.pick(["Thank you", "Gracias", "Merci", "Vielen Dank"]);
        let rest = self.language.pick([
            "we look forward to your confirmation. Goodbye.",
            "esperamos su confirmación. Adiós.",
            "nous attendons votre confirmation. Au revoir.",
            "wir freuen uns auf Ihre Bestätigung. Auf Wiederhören.",
        ]);
        match name {
            Some(name) => format!("{thanks}, {name}, {rest}"),
            None => format!("{thanks}, {rest}"),
        }
    }
}

fn fill(template: &str, value: &str) -> String {
    template.replace("{}", value)
}
