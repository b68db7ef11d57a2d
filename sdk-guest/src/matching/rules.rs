//! What cues amount to together: a table of what each says about the purpose of a call.

use super::Purpose::{self, *};
use super::cues::Cue::{self, *};

/// `weight` for `purpose` where a word has one of the cues of `head`, and others each of `with`.
pub(super) struct Rule {
    pub(super) purpose: Purpose,
    pub(super) weight: u32,
    pub(super) head: &'static [Cue],
    pub(super) with: &'static [&'static [Cue]],
    /// Weighs less where something is asked.
    pub(super) is_terse: bool,
}

const fn rule(
    purpose: Purpose,
    weight: u32,
    head: &'static [Cue],
    with: &'static [&'static [Cue]],
) -> Rule {
    Rule { purpose, weight, head, with, is_terse: false }
}

/// The same for a wish without a verb: "table for four, Saturday".
const fn terse(
    purpose: Purpose,
    weight: u32,
    head: &'static [Cue],
    with: &'static [&'static [Cue]],
) -> Rule {
    Rule { purpose, weight, head, with, is_terse: true }
}

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    rule(Reservation, 95, &[Book], &[&[Seat, Visit, Meal, Place, Helper]]),
    rule(Reservation, 92, &[Book], &[&[Time, People]]),
    rule(Reservation, 80, &[Book], &[]),
    rule(Reservation, 92, &[Arrange, Plan], &[&[Visit, Booking]]),
    rule(Reservation, 84, &[Helper], &[&[Get, Plan, Light], &[Time, Plan]]),
    rule(Reservation, 84, &[Arrange, Plan], &[&[Seat, Meal, Place]]),
    rule(Reservation, 72, &[Plan], &[&[Time]]),
    rule(Reservation, 84, &[Get], &[&[Visit, Booking]]),
    rule(Reservation, 88, &[Get], &[&[Seat, Meal, Place], &[Time, People]]),
    terse(Reservation, 76, &[Seat], &[&[People]]),
    terse(Reservation, 72, &[Seat], &[&[Time]]),
    terse(Reservation, 74, &[Meal], &[&[Time, People]]),
    terse(Reservation, 74, &[Booking], &[&[Time, People]]),
    terse(Reservation, 66, &[Visit, Helper], &[&[Time]]),
    terse(Reservation, 50, &[Visit], &[]),
    rule(Reservation, 84, &[FitIn], &[]),
    terse(Reservation, 60, &[People], &[&[Time]]),

    rule(Scheduling, 88, &[Reschedule], &[]),
    rule(Scheduling, 96, &[Reschedule], &[&[Visit, Booking, Time, Seat]]),
    rule(Scheduling, 92, &[Move], &[&[Visit, Booking, Meal]]),
    rule(Scheduling, 72, &[Move], &[&[Time]]),
    rule(Scheduling, 95, &[Cancel], &[&[Visit, Booking, Seat, Meal, Place, Helper, Time]]),
    rule(Scheduling, 60, &[Cancel], &[]),
    rule(Scheduling, 82, &[Lower], &[&[Standing]]),
    rule(Scheduling, 92, &[Confirm], &[&[Visit, Booking, Seat, Meal, Demo]]),
    rule(Scheduling, 74, &[Confirm], &[&[Time, People]]),
    rule(Scheduling, 92, &[CannotCome], &[]),
    rule(Scheduling, 90, &[StillOn], &[&[Visit, Booking, Meal, Time, Helper]]),
    rule(Scheduling, 68, &[StillOn], &[]),
    rule(Scheduling, 88, &[Instead], &[&[Time, People]]),
    rule(Scheduling, 80, &[Instead], &[&[Number]]),
    rule(Scheduling, 90, &[Shift, Instead], &[&[Standing]]),
    rule(Scheduling, 92, &[Shift, Instead], &[&[Visit, Booking, Seat, Meal, Helper, People]]),
    rule(Scheduling, 74, &[Standing], &[&[Ask]]),
    rule(Scheduling, 60, &[Standing], &[]),

    rule(PriceInquiry, 90, &[Price], &[&[Ask, Get, Compare]]),
    rule(PriceInquiry, 72, &[Price], &[]),
    rule(PriceInquiry, 92, &[Price], &[&[Terms]]),
    rule(PriceInquiry, 88, &[HowMuch], &[]),
    rule(PriceInquiry, 72, &[Stock], &[&[Ask]]),
    rule(PriceInquiry, 84, &[Stock], &[&[Ask], &[Seat, Visit, Price]]),
    rule(PriceInquiry, 58, &[Stock], &[]),
    rule(PriceInquiry, 78, &[Terms], &[&[Ask, Get]]),
    rule(PriceInquiry, 55, &[Terms], &[]),
    rule(PriceInquiry, 64, &[Discount], &[&[Ask]]),

    rule(Negotiation, 97, &[Haggle], &[]),
    rule(Negotiation, 86, &[Discount], &[&[Get]]),
    rule(Negotiation, 66, &[Discount], &[]),
    rule(Negotiation, 86, &[Cheaper], &[]),
    rule(Negotiation, 92, &[Lower], &[&[Price]]),
    rule(Negotiation, 92, &[Lower], &[&[Bill], &[Get]]),
    rule(Negotiation, 84, &[Lower], &[&[Bill]]),
    rule(Negotiation, 84, &[Bill, Price], &[&[Get, Lower], &[Money], &[Second]]),
    terse(Negotiation, 78, &[Bill], &[&[Second]]),
    rule(Negotiation, 92, &[Quoted], &[&[Limit, Lower]]),
    rule(Negotiation, 90, &[Quoted], &[&[Counter]]),
    rule(Negotiation, 84, &[Quoted], &[&[Second]]),
    rule(Negotiation, 84, &[Counter], &[&[Number]]),
    rule(Negotiation, 84, &[Number], &[&[Instead], &[Second]]),
    rule(Negotiation, 90, &[Offer], &[&[Money, Number]]),
    rule(Negotiation, 88, &[Discount, Lower], &[&[Money]]),
    rule(Negotiation, 84, &[TooHigh], &[]),
    rule(Negotiation, 84, &[Persuade], &[&[Price, Bill, Terms, Discount, Number]]),
    rule(Negotiation, 60, &[Limit], &[&[Money]]),

    rule(InformationGather, 97, &[Survey], &[]),
    rule(InformationGather, 84, &[Opinion], &[]),
    rule(InformationGather, 96, &[Study], &[&[Ask, Get]]),
    rule(InformationGather, 66, &[Ask, Get], &[&[Audience], &[About]]),
    rule(InformationGather, 68, &[Ask, Get], &[&[Audience], &[What]]),
    rule(InformationGather, 80, &[Practice], &[]),
    rule(InformationGather, 80, &[Ask], &[&[Audience], &[Open]]),

    rule(ColdOutreach, 95, &[Pitch], &[]),
    rule(ColdOutreach, 84, &[Propose], &[&[Goods, Demo]]),
    rule(ColdOutreach, 84, &[Interest], &[&[Goods, Demo, Ours]]),
    rule(ColdOutreach, 66, &[Interest], &[]),
    rule(ColdOutreach, 84, &[Demo], &[]),
    rule(ColdOutreach, 84, &[Lead], &[]),
    rule(ColdOutreach, 88, &[Propose, Entice], &[&[Goods]]),
    rule(ColdOutreach, 94, &[Propose], &[&[Audience]]),
    rule(ColdOutreach, 84, &[Propose], &[&[Ours]]),
    rule(ColdOutreach, 80, &[Entice], &[&[Ours]]),
    rule(ColdOutreach, 100, &[Book, Arrange, Plan, Get], &[&[Visit, Demo], &[Pitch, Goods, Lead]]),
    rule(ColdOutreach, 82, &[Audience], &[&[Ours], &[Get]]),
    rule(ColdOutreach, 78, &[Audience], &[&[Goods]]),
    rule(ColdOutreach, 80, &[Persuade], &[&[Goods, Ours, Audience, Demo]]),
    rule(ColdOutreach, 60, &[Persuade], &[]),
    rule(ColdOutreach, 50, &[Goods], &[]),

    rule(Complaint, 96, &[Complain], &[]),
    rule(Complaint, 92, &[Remedy], &[]),
    rule(Complaint, 92, &[Wronged], &[&[Get, Ask, Tell, Light]]),
    rule(Complaint, 84, &[Wronged], &[]),
    rule(Complaint, 96, &[Wronged, Broken], &[&[Remedy, Manager, Complain]]),
    rule(Complaint, 84, &[Broken], &[&[Fix, Waiting]]),
    rule(Complaint, 86, &[Manager], &[&[Fix, Remedy]]),
    rule(Complaint, 68, &[Broken], &[]),
    rule(Complaint, 78, &[Failed], &[&[Get, Manager]]),
    rule(Complaint, 60, &[Failed], &[]),

    rule(FollowUp, 98, &[Chase], &[]),
    rule(FollowUp, 86, &[Status], &[&[Matter, Earlier]]),
    rule(FollowUp, 74, &[Status], &[]),
    rule(FollowUp, 92, &[Received], &[]),
    rule(FollowUp, 82, &[Earlier], &[]),
    rule(FollowUp, 90, &[Waiting], &[&[Matter, Promise, Earlier]]),
    rule(FollowUp, 78, &[Waiting], &[]),
    rule(FollowUp, 86, &[Remind], &[]),
    rule(FollowUp, 92, &[Promise], &[&[Matter]]),
    rule(FollowUp, 76, &[Promise], &[]),
    rule(FollowUp, 82, &[Decided], &[]),
    rule(FollowUp, 60, &[Done], &[]),
    rule(FollowUp, 58, &[Ago], &[&[Ask]]),
    rule(FollowUp, 76, &[Matter], &[&[Where], &[Number]]),

    rule(General, 70, &[Fact], &[]),
    rule(General, 84, &[Purchase], &[]),
    rule(General, 60, &[Policy], &[]),
    rule(General, 78, &[Policy], &[&[Ask]]),
    rule(General, 64, &[Tell], &[]),
    rule(General, 75, &[Cancel], &[&[Subscription]]),
];
