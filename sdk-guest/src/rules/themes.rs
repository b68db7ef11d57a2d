//! What an obligation is about, so that it is met in other words too: "how long does it take?" asks
//! for the lead time.

use super::phrase::stem;
use crate::numbers::token::{Kind, Tokens};
use crate::numbers::words::is_month;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Theme {
    WrittenQuote,
    DeliveryTime,
    DeliveryCost,
    Payment,
    Name,
    Discount,
    Price,
    OpeningHours,
    Returns,
    Stock,
    Warranty,
    Minimum,
    Thanks,
    Cancellation,
    Parking,
    Date,
    Time,
    Recorded,
}

impl Theme {
    /// The theme of a topic by the stems of its words.
    pub(super) fn of(topic: &[String]) -> Option<Self> {
        let has =
            |words: &[&str]| topic.iter().any(|own| words.iter().any(|word| stem(word) == own));
        let delivery = has(&["delivery", "deliver", "shipping", "shipment", "ship", "freight"]);
        let theme = if has(&["recorded", "recording"]) {
            Self::Recorded
        } else if has(&["cancellation", "cancel"]) {
            Self::Cancellation
        } else if has(&["parking", "park"]) {
            Self::Parking
        } else if has(&["written", "writing"]) {
            Self::WrittenQuote
        } else if has(&["lead", "turnaround"])
            || delivery && has(&["time", "date", "when", "long", "day", "schedule", "soon"])
        {
            Self::DeliveryTime
        } else if delivery
            && has(&["included", "cost", "costs", "free", "charge", "price", "fee", "extra"])
        {
            Self::DeliveryCost
        } else if has(&["payment", "pay", "paid"]) {
            Self::Payment
        } else if has(&["discount", "rebate", "bulk", "volume"]) {
            Self::Discount
        } else if has(&["name", "names"]) && !has(&["company", "product", "supplier"]) {
            Self::Name
        } else if has(&["hours", "opening", "close", "closing", "open"]) {
            Self::OpeningHours
        } else if has(&["return", "returns", "refund"]) {
            Self::Returns
        } else if has(&["stock", "availability", "available"]) {
            Self::Stock
        } else if has(&["warranty", "guarantee"]) {
            Self::Warranty
        } else if has(&["minimum"]) {
            Self::Minimum
        } else if has(&["thank"]) {
            Self::Thanks
        } else if has(&["best", "lowest"]) && has(&["price", "offer", "rate"]) {
            Self::Discount
        } else if has(&["price", "pricing", "quote", "cost"]) && topic.len() == 1 {
            Self::Price
        } else if has(&["date", "day"]) && topic.len() == 1 {
            Self::Date
        } else if has(&["time"]) && topic.len() == 1 {
            Self::Time
        } else {
            return None;
        };
        Some(theme)
    }

    /// Whether a turn of ours speaks of it.
    pub(super) fn is_in(self, tokens: &Tokens) -> bool {
        let any = |words: &[&str]| (0..tokens.len()).any(|at| words.contains(&tokens.word(at)));
        let pair = |one: &[&str], two: &[&str]| {
            (0..tokens.len())
                .any(|at| one.contains(&tokens.word(at)) && two.contains(&tokens.word(at + 1)))
        };
        let delivery = any(&[
            "deliver",
            "delivery",
            "delivered",
            "ship",
            "shipping",
            "shipped",
            "shipment",
            "arrive",
            "freight",
        ]);
        let offer = any(&[
            "quote",
            "offer",
            "proposal",
            "estimate",
            "quotation",
            "price",
            "that",
            "it",
            "confirmation",
            "pricing",
        ]);
        match self {
            Self::WrittenQuote => {
                any(&["writing", "written"]) && offer
                    || any(&["email", "e-mail", "mail", "fax", "send"])
                        && any(&["quote", "quotation", "proposal", "estimate"])
            }
            Self::DeliveryTime => {
                pair(&["lead"], &["time", "times"])
                    || pair(&["delivery", "shipping"], &["time", "times", "date", "schedule"])
                    || any(&["turnaround"])
                    || pair(&["how"], &["long", "soon", "quickly", "fast", "quick"])
                        && (delivery
                            || any(&[
                                "take", "takes", "get", "receive", "have", "ready", "wait", "them",
                            ]))
                    || any(&["when"])
                        && (delivery || any(&["get", "receive", "expect", "ready", "have"]))
                    || delivery && (has_date(tokens) || any(&["days", "weeks", "week"]))
            }
            Self::DeliveryCost => {
                delivery
                    && any(&[
                        "include",
                        "included",
                        "includes",
                        "including",
                        "extra",
                        "free",
                        "cost",
                        "costs",
                        "covered",
                        "charge",
                        "charges",
                        "top",
                        "much",
                    ])
            }
            Self::Payment => any(&[
                "pay",
                "paid",
                "payment",
                "payments",
                "net",
                "invoice",
                "invoiced",
                "prepay",
                "prepayment",
                "deposit",
                "upfront",
                "credit",
            ]),
            Self::Name => {
                any(&["name", "names"])
                    || any(&["who", "whom"])
                        && any(&["speaking", "talking", "contact", "ask", "reach", "am", "speak"])
            }
            Self::Discount => {
                any(&["discount", "discounts", "rebate", "rebates", "bulk"])
                    || any(&["price", "cheaper", "better", "break", "lower"])
                        && any(&[
                            "more",
                            "volume",
                            "volumes",
                            "larger",
                            "bigger",
                            "quantity",
                            "quantities",
                        ])
                    || any(&["cheaper", "lowest", "best", "better", "lower"])
                        && any(&["price", "rate", "go", "do", "offer", "deal", "cost"])
                    || pair(&["come", "go"], &["down", "lower"])
                    || pair(&["any"], &["room", "flexibility", "wiggle"])
                    || any(&["off", "negotiable"])
                        && any(&["price", "anything", "something", "that", "it", "knock", "take"])
            }
            Self::Price => {
                any(&["price", "prices", "pricing", "cost", "costs", "charge", "quote", "rate"])
                    || pair(&["how"], &["much"])
            }
            Self::OpeningHours => {
                any(&["hours"])
                    || any(&["open", "close", "closed", "opening", "closing", "closes", "opens"])
                    || pair(&["until", "till"], &["when"])
            }
            Self::Returns => any(&["return", "returns", "returned", "refund", "refunds", "back"]),
            Self::Stock => any(&["stock", "available", "availability", "inventory"]),
            Self::Warranty => any(&["warranty", "guarantee", "guaranteed"]),
            Self::Minimum => any(&["minimum", "smallest", "least"]),
            Self::Thanks => any(&["thank", "thanks", "grateful", "appreciate", "appreciated"]),
            Self::Cancellation => any(&[
                "cancel",
                "cancels",
                "cancelled",
                "canceled",
                "cancelling",
                "canceling",
                "cancellation",
                "cancellations",
            ]),
            Self::Parking => {
                any(&["park", "parks", "parking", "garage", "lot", "carpark"])
                    || any(&["car", "cars"]) && any(&["where", "leave", "put", "space", "spaces"])
            }
            Self::Date => {
                let named = has_date(tokens)
                    || (0..tokens.len()).any(|at| super::days::weekday(tokens.word(at)).is_some());
                named && confirms(tokens)
                    || any(&["when"])
                    || pair(&["what", "which"], &["day", "date"])
            }
            Self::Time => {
                let named =
                    any(&["am", "pm", "o'clock", "noon", "midnight", "past", "quarter", "half"])
                        || (0..tokens.len()).any(|at| {
                            tokens.word(at) == "at" && super::phrase::is_number(tokens, at + 1)
                        });
                named && confirms(tokens)
                    || any(&["when"])
                    || pair(&["what", "which"], &["time", "hour"])
            }
            Self::Recorded => any(&["recorded", "recording", "record", "records"]),
        }
    }
}

/// "So that's Tuesday the fifth, correct?"
fn confirms(tokens: &Tokens) -> bool {
    (0..tokens.len()).any(|at| {
        tokens.mark(at) == Some('?')
            || one_of!(tokens.word(at);
                "confirm" "confirming" "confirmed" "correct" "so" "that's" "right" "we're" "see" "booked" "down" "it's"
            )
    })
}

fn has_date(tokens: &Tokens) -> bool {
    (0..tokens.len()).any(|at| {
        is_month(tokens.word(at))
            && (at + 1 < tokens.len()
                && matches!(tokens.get(at + 1).map(|token| token.kind), Some(Kind::Digits { .. }))
                || crate::numbers::words::ordinal(tokens.word(at + 1)).is_some())
    })
}
