//! What an organization used, and what that costs.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use call::billing::{Pipeline, Rates, SMS_RATE, line_rental};
use serde::Serialize;
use utoipa::ToSchema;

use super::error::ErrorBody;
use super::{ApiError, App, iso};
use crate::actions::Caller;

/// This month's use against the plan, and the bill of all months.
#[derive(Serialize, ToSchema)]
pub(super) struct UsageView {
    #[schema(example = "01JQ8X5W3N0000000000000000")]
    organization_id: String,
    #[schema(example = "free")]
    plan: String,
    /// Minutes of billed calls; a call under two minutes is none.
    #[schema(example = 3.5)]
    minutes_used_this_month: f64,
    /// Null: no limit.
    #[schema(example = 5.0)]
    minutes_limit: Option<f64>,
    #[schema(example = 1.5)]
    minutes_remaining: Option<f64>,
    #[schema(example = 0)]
    sms_sent_this_month: u32,
    /// Null: no limit.
    #[schema(example = 10)]
    sms_limit: Option<u32>,
    #[schema(example = 10)]
    sms_remaining: Option<u32>,
    /// When the month's minutes come back.
    #[schema(example = "2026-12-01T00:00:00Z")]
    billing_reset_at: String,
    #[schema(example = 3)]
    concurrent_calls_limit: u32,
    cost: SpendView,
    lines: RentView,
}

/// Numbers to call from, and what those beyond the plan's cost; not part of the spend on calls.
#[derive(Serialize, ToSchema)]
pub(super) struct RentView {
    #[schema(example = 3)]
    count: u32,
    #[schema(example = 1)]
    included: u32,
    #[schema(example = 2.0)]
    additional_line_per_month_usd: f64,
    /// For the lines there are now.
    #[schema(example = 4.0)]
    monthly_usd: f64,
}

/// Since the organization began, in US dollars.
#[derive(Serialize, ToSchema)]
pub(super) struct SpendView {
    #[schema(example = 4.2)]
    total_spend_usd: f64,
    #[schema(example = 15)]
    total_calls_billed: u64,
    #[schema(example = 1470)]
    total_seconds_billed: u64,
    #[schema(value_type = BTreeMap<String, RateView>)]
    rates_per_pipeline: BTreeMap<Pipeline, RateView>,
    #[schema(example = 0.0095)]
    sms_rate_per_message_usd: f64,
}

/// US dollars a minute.
#[derive(Serialize, ToSchema)]
pub(super) struct RateView {
    #[schema(example = 0.036)]
    platform_per_min: f64,
    #[schema(example = 0.006)]
    llm_per_min: f64,
    #[schema(example = 0.042)]
    total_per_min: f64,
}

/// What was used this month, what is left of the plan, and what all calls cost.
///
/// Test keys see what test calls would have cost.
#[utoipa::path(
    operation_id = "read_usage",
    get, path = "/v1/usage", tag = "auth", security(("api_key" = [])),
    responses(
        (status = 200, description = "As it stands", body = UsageView),
        (status = 401, description = "Missing or invalid API key", body = ErrorBody),
        (status = 403, description = "Not with the key of one pod", body = ErrorBody)
    )
)]
pub(super) async fn usage(State(server): App, caller: Caller) -> Result<Json<UsageView>, ApiError> {
    let account = server.usage(&caller, crate::clock::now()).await?;
    let (balance, total) = (&account.balance, &account.total);
    let plan = server.config.plan(&balance.plan);
    let used = balance.used.billed_seconds;
    let left = balance.limit_seconds.map(|limit| limit.saturating_sub(used));
    Ok(Json(UsageView {
        organization_id: caller.org.to_string(),
        plan: balance.plan.clone(),
        minutes_used_this_month: minutes(used),
        minutes_limit: balance.limit_seconds.map(minutes),
        minutes_remaining: left.map(minutes),
        // Messages are counted once they can be sent.
        sms_sent_this_month: 0,
        sms_limit: plan.sms,
        sms_remaining: plan.sms,
        billing_reset_at: iso(balance.resets_at),
        concurrent_calls_limit: plan.concurrent_calls,
        cost: SpendView {
            total_spend_usd: total.cost.as_usd(),
            total_calls_billed: total.billed_calls,
            total_seconds_billed: total.billed_seconds,
            rates_per_pipeline: Pipeline::ALL
                .into_iter()
                .map(|pipeline| (pipeline, rate_view(server.config.billing.rates_of(pipeline))))
                .collect(),
            sms_rate_per_message_usd: SMS_RATE.as_usd(),
        },
        lines: RentView {
            count: account.lines,
            included: plan.lines_included,
            additional_line_per_month_usd: plan.line_rate.as_usd(),
            monthly_usd: line_rental(account.lines, plan.lines_included, plan.line_rate).as_usd(),
        },
    }))
}

fn rate_view(rates: Rates) -> RateView {
    RateView {
        platform_per_min: (rates.telephony + rates.servers).as_usd(),
        llm_per_min: rates.llm.as_usd(),
        total_per_min: rates.per_minute().as_usd(),
    }
}

/// Two decimals: a second is 0.02 of a minute.
fn minutes(seconds: u64) -> f64 {
    (seconds as f64 / 60.0 * 100.0).round() / 100.0
}
