//! How well an objective suits a kind of call: the `matching.score` of the platform's playbooks.

/// The kinds of calls that the platform has a playbook for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    Reservation,
    PriceInquiry,
    Negotiation,
    InformationGather,
    Scheduling,
    ColdOutreach,
    Complaint,
    FollowUp,
    General,
}

/// 0 to 100: how well `objective`, in the language of the BCP 47 tag, suits calls of that kind.
pub fn score(purpose: Purpose, _objective: &str, _language: &str) -> u8 {
    match purpose {
        Purpose::General => 20,
        _ => 0,
    }
}
