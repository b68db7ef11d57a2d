//! Clauses in Spanish, French and German by the hundred thousand, under rules in any of the four languages.

use agenticcalling_playbook::rules::Rules;

use crate::generated::{Cut, Tally, is_withheld, settle};
use crate::spoken::Random;

/// Clauses that break their rule for each language, and as many that do not.
const CLAUSES: u64 = 55_000;
const ACCEPTANCES: u64 = 20_000;

/// How one language says what the tests need; `{}` is an amount, `{n}` a count.
struct Tongue {
    name: &'static str,
    words: fn(u64) -> String,
    money: &'static str,
    per_unit: &'static [&'static str],
    ceilings: &'static [&'static str],
    floors: &'static [&'static str],
    commitments: &'static [&'static str],
    refusals: &'static [&'static str],
    chatter: &'static [&'static str],
    offers: &'static [&'static str],
    acceptances: &'static [&'static str],
    evasions: &'static [&'static str],
}

const ENGLISH_CEILINGS: &[&str] =
    &["Never agree to a price above ${}", "Do not pay more than {} dollars"];
const ENGLISH_FLOORS: &[&str] = &["Never accept less than ${}", "Do not sell for under {} dollars"];

const TONGUES: [Tongue; 3] = [
    Tongue {
        name: "Spanish",
        words: spanish,
        money: "dólares",
        per_unit: &["", "", " por unidad", " cada uno", " la unidad"],
        ceilings: &[
            "Nunca aceptes un precio superior a {} dólares",
            "No pagues más de {} dólares",
            "No aceptes un precio por encima de {} $",
            "El precio máximo es {} dólares",
            "No superes los {} dólares",
        ],
        floors: &[
            "Nunca aceptes menos de {} dólares",
            "No vendas por menos de {} $",
            "No aceptes un precio inferior a {} dólares",
        ],
        commitments: &[
            "{} nos parece bien.",
            "{} está bien.",
            "{}, de acuerdo.",
            "{}, trato hecho.",
            "Podemos pagar {}.",
            "Podemos llegar a {}.",
            "Le ofrezco {}.",
            "Le ofrecemos {}.",
            "Dejémoslo en {}.",
            "Digamos {}.",
            "¿Qué le parece {}?",
            "¿Le parece bien {}?",
            "Aceptamos {}.",
            "Acepto {}.",
            "Nuestra oferta es {}.",
            "Estamos dispuestos a pagar {}.",
            "Por {n} unidades pagaríamos {}.",
            "Usted dijo {}, trato hecho.",
            "{} no es un problema.",
            "No hay problema con {}.",
        ],
        refusals: &[
            "No podemos pagar {}.",
            "No puedo aceptar {}.",
            "No podemos aceptar {}.",
            "{} no es posible.",
            "{} no nos sirve.",
            "Lo siento, {} no es aceptable.",
            "Usted dijo {}.",
            "¿Es {} su mejor precio?",
        ],
        chatter: &[
            "Necesitamos {n} unidades.",
            "¿Pueden entregar en {n} días?",
            "¿Cuánto costarían {n} unidades?",
            "¿Cuál es el plazo de entrega?",
            "Gracias, lo comento con mi equipo.",
            "Tenemos {n} personas esperando.",
            "¿Hay un descuento del {n} por ciento?",
            "Llámeme el 15 de marzo.",
        ],
        offers: &[
            "Son {}.",
            "Nuestro precio es {}.",
            "Le puedo ofrecer {}.",
            "El precio sería {}.",
            "{}.",
        ],
        acceptances: &[
            "Nos parece bien.",
            "Trato hecho.",
            "De acuerdo.",
            "Aceptamos.",
            "Aceptamos su oferta.",
            "Acepto su oferta.",
            "Está bien.",
            "Lo que dijo está bien.",
            "Eso nos parece bien.",
            "Estamos de acuerdo.",
            "Perfecto, trato hecho.",
            "Sin problema.",
            "Su precio nos parece bien.",
            "Nos quedamos con ellas.",
            "Cerramos el trato.",
        ],
        evasions: &[
            "No nos parece bien.",
            "No podemos aceptar eso.",
            "No estamos de acuerdo.",
            "Es demasiado caro.",
            "¿Es su mejor precio?",
            "¿Podría bajar un poco?",
            "¿Cuál es el plazo de entrega?",
            "Gracias, lo anoto.",
            "Entiendo.",
        ],
    },
    Tongue {
        name: "French",
        words: french,
        money: "dollars",
        per_unit: &["", "", " par unité", " chacun", " l'unité"],
        ceilings: &[
            "N'accepte jamais plus de {} dollars",
            "Ne payez pas plus de {} dollars",
            "N'accepte jamais un prix supérieur à {} $",
            "Le prix maximum est {} dollars",
            "Le prix ne doit pas dépasser {} dollars",
        ],
        floors: &[
            "N'accepte jamais moins de {} dollars",
            "Ne vends pas à moins de {} $",
            "N'accepte jamais un prix inférieur à {} dollars",
        ],
        commitments: &[
            "{} nous convient.",
            "{}, c'est bon.",
            "{}, d'accord.",
            "{}, marché conclu.",
            "Nous pouvons payer {}.",
            "Nous pouvons aller jusqu'à {}.",
            "Je vous propose {}.",
            "Nous vous proposons {}.",
            "Disons {}.",
            "Que diriez-vous de {} ?",
            "Nous acceptons {}.",
            "J'accepte {}.",
            "Notre offre est {}.",
            "Va pour {}.",
            "Pour {n} unités nous paierions {}.",
            "Vous avez dit {}, marché conclu.",
            "{} ne pose pas de problème.",
            "Pas de problème pour {}.",
        ],
        refusals: &[
            "Nous ne pouvons pas payer {}.",
            "Je ne peux pas accepter {}.",
            "Nous ne pouvons pas accepter {}.",
            "{} n'est pas possible.",
            "{} ne nous convient pas.",
            "Vous avez dit {}.",
            "Est-ce que {} est votre meilleur prix ?",
        ],
        chatter: &[
            "Nous avons besoin de {n} unités.",
            "Pouvez-vous livrer en {n} jours ?",
            "Combien pour {n} pièces ?",
            "Quel est le délai de livraison ?",
            "Merci, j'en parle à mon équipe.",
            "Y a-t-il une remise de {n} pour cent ?",
            "Rappelez-moi le 15 mars.",
            "Rappelez-moi à 8h30.",
        ],
        offers: &[
            "C'est {}.",
            "Notre prix est de {}.",
            "Je peux vous proposer {}.",
            "Le prix serait de {}.",
            "{}.",
        ],
        acceptances: &[
            "Ça nous convient.",
            "Marché conclu.",
            "D'accord.",
            "Nous acceptons.",
            "J'accepte.",
            "Nous acceptons votre offre.",
            "C'est bon pour nous.",
            "Ça marche.",
            "Ça me va.",
            "Nous sommes d'accord.",
            "Parfait, marché conclu.",
            "Pas de problème.",
            "Votre prix nous convient.",
            "On les prend.",
            "Allons-y.",
        ],
        evasions: &[
            "Ça ne nous convient pas.",
            "Nous ne pouvons pas accepter cela.",
            "Nous ne sommes pas d'accord.",
            "C'est trop cher.",
            "C'est votre meilleur prix ?",
            "Pourriez-vous baisser un peu ?",
            "Quel est le délai de livraison ?",
            "Merci, je note.",
            "Je comprends.",
        ],
    },
    Tongue {
        name: "German",
        words: german,
        money: "Dollar",
        per_unit: &["", "", " pro Stück", " das Stück", " je Stück"],
        ceilings: &[
            "Niemals einem Preis über {} Dollar zustimmen",
            "Zahle nicht mehr als {} Dollar",
            "Akzeptiere nie mehr als {} $",
            "Zahle höchstens {} Dollar",
            "Der Preis darf {} Dollar nicht überschreiten",
        ],
        floors: &[
            "Akzeptiere nie weniger als {} Dollar",
            "Verkaufe nicht unter {} $",
            "Niemals einem Preis unter {} Dollar zustimmen",
        ],
        commitments: &[
            "{} passt uns.",
            "{} ist in Ordnung.",
            "{}, einverstanden.",
            "{}, abgemacht.",
            "Wir können {} zahlen.",
            "Wir könnten auf {} gehen.",
            "Ich biete Ihnen {}.",
            "Wir bieten {}.",
            "Sagen wir {}.",
            "Einigen wir uns auf {}.",
            "Wie wäre es mit {}?",
            "Wir akzeptieren {}.",
            "Unser Angebot ist {}.",
            "Wir wären bereit, {} zu zahlen.",
            "Für {n} Stück würden wir {} zahlen.",
            "Sie sagten {}, abgemacht.",
            "{} ist kein Problem.",
            "{} wäre machbar.",
        ],
        refusals: &[
            "Wir können {} nicht zahlen.",
            "{} können wir nicht zahlen.",
            "Ich kann {} nicht akzeptieren.",
            "{} ist nicht möglich.",
            "{} passt uns nicht.",
            "Leider ist {} nicht akzeptabel.",
            "Sie sagten {}.",
            "Ist {} Ihr bester Preis?",
        ],
        chatter: &[
            "Wir brauchen {n} Stück.",
            "Können Sie in {n} Tagen liefern?",
            "Was kosten {n} Einheiten?",
            "Wie lang ist die Lieferzeit?",
            "Danke, ich spreche mit meinem Team.",
            "Gibt es einen Rabatt von {n} Prozent?",
            "Rufen Sie mich am 15. März an.",
            "Rufen Sie mich um 8 Uhr an.",
        ],
        offers: &[
            "Das macht {}.",
            "Unser Preis ist {}.",
            "Ich kann Ihnen {} anbieten.",
            "Der Preis wäre {}.",
            "{}.",
        ],
        acceptances: &[
            "Das passt uns.",
            "Abgemacht.",
            "Einverstanden.",
            "Wir akzeptieren.",
            "Wir akzeptieren Ihr Angebot.",
            "Wir nehmen Ihr Angebot an.",
            "Das ist in Ordnung.",
            "Das geht in Ordnung.",
            "In Ordnung.",
            "Damit sind wir einverstanden.",
            "Perfekt, abgemacht.",
            "Kein Problem.",
            "Ihr Preis passt uns.",
            "Wir nehmen sie.",
            "So machen wir das.",
        ],
        evasions: &[
            "Das passt uns nicht.",
            "Das können wir nicht akzeptieren.",
            "Damit sind wir nicht einverstanden.",
            "Das ist zu teuer.",
            "Ist das Ihr bester Preis?",
            "Könnten Sie etwas heruntergehen?",
            "Wie lang ist die Lieferzeit?",
            "Danke, das notiere ich.",
            "Ich verstehe.",
        ],
    },
];

impl Tongue {
    fn amount(&self, dollars: u64, style: u64) -> String {
        match style % 5 {
            0 => (self.words)(dollars),
            1 => format!("{} {}", (self.words)(dollars), self.money),
            2 => format!("{dollars} {}", self.money),
            3 => format!("{dollars} $"),
            _ => format!("{dollars},00 $"),
        }
    }

    fn fill(&self, form: &str, dollars: u64, style: u64, random: &mut Random) -> String {
        let per = random.pick(self.per_unit);
        let count = [12, 65, 72, 90, 250, 500, 1_000][random.below(7) as usize];
        let count = if random.below(2) == 0 { count.to_string() } else { (self.words)(count) };
        let amount = format!("{}{per}", self.amount(dollars, style));
        form.replace("{}", &amount).replace("{n}", &count)
    }

    /// A rule of this language or, now and then, of another one.
    fn rule(&self, up: bool, dollars: u64, random: &mut Random) -> String {
        let english = random.below(4) == 0;
        let form = match (up, english) {
            (true, true) => random.pick(ENGLISH_CEILINGS),
            (false, true) => random.pick(ENGLISH_FLOORS),
            (true, false) => random.pick(self.ceilings),
            (false, false) => random.pick(self.floors),
        };
        form.replace("{}", &dollars.to_string())
    }
}

fn limit_and_amounts(random: &mut Random) -> (bool, u64, u64, u64) {
    let up = random.below(3) > 0;
    let limit = random.pick(&[20, 45, 60, 75, 99, 120, 200, 450, 1_000, 2_500]);
    let higher = limit + 1 + random.below(limit * 3);
    let lower = limit - 1 - random.below(limit / 2);
    if up { (up, limit, higher, lower) } else { (up, limit, lower, higher) }
}

#[test]
fn no_commitment_in_another_language_passes() {
    for tongue in &TONGUES {
        let mut random = Random::new(0x70_1160E);
        let (mut leaks, mut alarms) = (Tally::default(), Tally::default());
        for number in 0..CLAUSES {
            let (up, limit, beyond, within) = limit_and_amounts(&mut random);
            let rule = tongue.rule(up, limit, &mut random);
            let rules = Rules::compile(&[rule.as_str()]);
            let style = random.next();
            let form = random.pick(tongue.commitments);
            let bad = tongue.fill(form, beyond, style, &mut random);
            let withheld = is_withheld(&rules, &bad, Cut::Anywhere, &mut random);
            leaks.count(!withheld, form, || format!("{rule}: {bad}"));
            let (form, value) = match number % 3 {
                0 => (random.pick(tongue.refusals), beyond),
                1 => (random.pick(tongue.chatter), beyond),
                _ => (random.pick(tongue.commitments), within),
            };
            let good = tongue.fill(form, value, style, &mut random);
            let withheld = is_withheld(&rules, &good, Cut::AtMarks, &mut random);
            alarms.count(withheld, form, || format!("{rule}: {good}"));
        }
        settle(tongue.name, &leaks, &alarms);
    }
}

#[test]
fn no_acceptance_in_another_language_passes() {
    for tongue in &TONGUES {
        let mut random = Random::new(0x00AC_CE97);
        let (mut leaks, mut alarms) = (Tally::default(), Tally::default());
        for _ in 0..ACCEPTANCES {
            let (up, limit, beyond, within) = limit_and_amounts(&mut random);
            let rule = tongue.rule(up, limit, &mut random);
            let mut rules = Rules::compile(&[rule.as_str()]);
            let style = random.next();
            let heard = tongue.fill(random.pick(tongue.offers), beyond, style, &mut random);
            rules.heard(&heard);
            let form = random.pick(tongue.acceptances);
            let withheld = is_withheld(&rules, form, Cut::Anywhere, &mut random);
            leaks.count(!withheld, form, || format!("{rule} | {heard} | {form}"));
            let form = random.pick(tongue.evasions);
            let withheld = is_withheld(&rules, form, Cut::AtMarks, &mut random);
            alarms.count(withheld, form, || format!("{rule} | {heard} | {form}"));
            let heard = tongue.fill(random.pick(tongue.offers), within, style, &mut random);
            rules.heard(&heard);
            let form = random.pick(tongue.acceptances);
            let withheld = is_withheld(&rules, form, Cut::AtMarks, &mut random);
            alarms.count(withheld, form, || format!("{rule} | {heard} | {form}"));
        }
        settle(tongue.name, &leaks, &alarms);
    }
}

fn spanish(number: u64) -> String {
    const SMALL: [&str; 30] = [
        "cero",
        "uno",
        "dos",
        "tres",
        "cuatro",
        "cinco",
        "seis",
        "siete",
        "ocho",
        "nueve",
        "diez",
        "once",
        "doce",
        "trece",
        "catorce",
        "quince",
        "dieciséis",
        "diecisiete",
        "dieciocho",
        "diecinueve",
        "veinte",
        "veintiuno",
        "veintidós",
        "veintitrés",
        "veinticuatro",
        "veinticinco",
        "veintiséis",
        "veintisiete",
        "veintiocho",
        "veintinueve",
    ];
    const TENS: [&str; 10] = [
        "",
        "",
        "",
        "treinta",
        "cuarenta",
        "cincuenta",
        "sesenta",
        "setenta",
        "ochenta",
        "noventa",
    ];
    const HUNDREDS: [&str; 10] = [
        "",
        "ciento",
        "doscientos",
        "trescientos",
        "cuatrocientos",
        "quinientos",
        "seiscientos",
        "setecientos",
        "ochocientos",
        "novecientos",
    ];
    match number {
        0..30 => SMALL[number as usize].to_owned(),
        30..100 if number.is_multiple_of(10) => TENS[(number / 10) as usize].to_owned(),
        30..100 => format!("{} y {}", TENS[(number / 10) as usize], SMALL[(number % 10) as usize]),
        100 => "cien".to_owned(),
        101..1_000 if number.is_multiple_of(100) => HUNDREDS[(number / 100) as usize].to_owned(),
        101..1_000 => format!("{} {}", HUNDREDS[(number / 100) as usize], spanish(number % 100)),
        _ => {
            let thousands = if number / 1_000 == 1 {
                "mil".to_owned()
            } else {
                format!("{} mil", spanish(number / 1_000))
            };
            if number.is_multiple_of(1_000) {
                thousands
            } else {
                format!("{thousands} {}", spanish(number % 1_000))
            }
        }
    }
}

fn french(number: u64) -> String {
    const SMALL: [&str; 17] = [
        "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
        "onze", "douze", "treize", "quatorze", "quinze", "seize",
    ];
    const TENS: [&str; 7] = ["", "dix", "vingt", "trente", "quarante", "cinquante", "soixante"];
    match number {
        0..17 => SMALL[number as usize].to_owned(),
        17..20 => format!("dix-{}", SMALL[(number - 10) as usize]),
        71 => "soixante et onze".to_owned(),
        60..80 if number > 60 && number != 61 => format!("soixante-{}", french(number - 60)),
        80 => "quatre-vingts".to_owned(),
        81..100 => format!("quatre-vingt-{}", french(number - 80)),
        20..80 if number.is_multiple_of(10) => TENS[(number / 10) as usize].to_owned(),
        20..80 if number % 10 == 1 => format!("{} et un", TENS[(number / 10) as usize]),
        20..80 => format!("{}-{}", TENS[(number / 10) as usize], SMALL[(number % 10) as usize]),
        100..1_000 => {
            let hundreds = match number / 100 {
                1 => "cent".to_owned(),
                many => format!("{} cent", SMALL[many as usize]),
            };
            match number % 100 {
                0 if number > 100 => format!("{hundreds}s"),
                0 => hundreds,
                rest => format!("{hundreds} {}", french(rest)),
            }
        }
        _ => {
            let thousands = if number / 1_000 == 1 {
                "mille".to_owned()
            } else {
                format!("{} mille", french(number / 1_000))
            };
            if number.is_multiple_of(1_000) {
                thousands
            } else {
                format!("{thousands} {}", french(number % 1_000))
            }
        }
    }
}

fn german(number: u64) -> String {
    const SMALL: [&str; 20] = [
        "null",
        "eins",
        "zwei",
        "drei",
        "vier",
        "fünf",
        "sechs",
        "sieben",
        "acht",
        "neun",
        "zehn",
        "elf",
        "zwölf",
        "dreizehn",
        "vierzehn",
        "fünfzehn",
        "sechzehn",
        "siebzehn",
        "achtzehn",
        "neunzehn",
    ];
    const TENS: [&str; 10] = [
        "", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig",
        "neunzig",
    ];
    let joined = |number: u64| if number == 1 { "ein".to_owned() } else { german(number) };
    match number {
        0..20 => SMALL[number as usize].to_owned(),
        20..100 if number.is_multiple_of(10) => TENS[(number / 10) as usize].to_owned(),
        20..100 => format!("{}und{}", joined(number % 10), TENS[(number / 10) as usize]),
        100..1_000 => {
            let rest =
                if number.is_multiple_of(100) { String::new() } else { german(number % 100) };
            format!("{}hundert{rest}", joined(number / 100))
        }
        _ => {
            let rest =
                if number.is_multiple_of(1_000) { String::new() } else { german(number % 1_000) };
            format!("{}tausend{rest}", joined(number / 1_000))
        }
    }
}
