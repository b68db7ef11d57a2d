//! Numbers to call from.

use domain::{E164, LineId, OrgId, Time};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::check::Check;
use super::create::no_carrier;
use super::{ActionError, Caller, OverPlan, Paged, Server};
use crate::carrier::numbers::{COUNTRIES, region, sandbox_number};
use crate::store::{Line, LineInserted, Mode, Scope};

const COUNTRY_DEFAULT: &str = "US";
/// Numbers drawn until one is free.
const DRAWS_MAX: u32 = 50;
const UNKNOWN: ActionError = ActionError::NotFound("there is no such line");

/// The body of `POST /v1/lines`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateLine {
    /// ISO 3166-1, two letters.
    #[schema(example = "US", default = "US", min_length = 2, max_length = 2)]
    pub country: Option<String>,
    /// Only this tenant calls from it.
    #[schema(example = "customer_acme")]
    pub pod_id: Option<String>,
}

/// The query of `GET /v1/lines`.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListLines {
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<u32>,
    pub page_token: Option<String>,
    pub pod_id: Option<String>,
}

impl Server {
    pub async fn create_line(
        &self,
        caller: &Caller,
        request: CreateLine,
        now: Time,
    ) -> Result<Line, ActionError> {
        let mut check = Check::default();
        let pod = check.pod(request.pod_id.as_deref(), caller.pod.as_deref());
        let country = request.country.as_deref().unwrap_or(COUNTRY_DEFAULT).to_ascii_uppercase();
        if !COUNTRIES.contains(&country.as_str()) {
            let known = COUNTRIES.join(", ");
            check.wrong("country", format!("there are no lines there: must be one of {known}"));
        }
        check.done()?;
        if caller.mode == Mode::Live && self.config.carriers.sip.is_empty() {
            return Err(no_carrier("no line can be provisioned"));
        }
        let scope = Scope { pod, ..caller.scope() };
        self.provision(&scope, &country, &caller.plan, now).await
    }

    /// The line that a new organization has from the start.
    pub(super) async fn first_line(&self, org: OrgId, now: Time) -> Result<(), ActionError> {
        let scope = Scope { org, mode: Mode::Test, pod: None };
        let plan = self.config.plans.default.clone();
        match self.provision(&scope, COUNTRY_DEFAULT, &plan, now).await {
            // A plan may come without.
            Ok(_) | Err(ActionError::OverPlan(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn provision(
        &self,
        scope: &Scope,
        country: &str,
        plan: &str,
        now: Time,
    ) -> Result<Line, ActionError> {
        for number in self.numbers_in(scope.mode, country) {
            let line = Line {
                id: LineId::new(now, crate::clock::random()),
                org: scope.org,
                mode: scope.mode,
                pod: scope.pod.clone(),
                number,
                country: country.to_owned(),
                created_at: now,
            };
            match self.store.insert_line(&line, self.config.plan(plan).lines).await? {
                LineInserted::New => return Ok(line),
                LineInserted::Taken => {}
                LineInserted::LimitReached { lines } => {
                    return Err(self.too_many(scope, plan, lines));
                }
            }
        }
        let detail = format!("no number is free in {country}: try again, or another country");
        Err(ActionError::Unavailable { code: "no_number_free", detail })
    }

    /// What may be free: numbers drawn for the sandbox, or those of the operator's trunks.
    fn numbers_in<'a>(
        &'a self,
        mode: Mode,
        country: &'a str,
    ) -> Box<dyn Iterator<Item = E164> + Send + 'a> {
        if mode == Mode::Test {
            let draw = move |_| sandbox_number(country, crate::clock::random);
            return Box::new((0..DRAWS_MAX).map_while(draw));
        }
        let numbers = self.config.carriers.sip.values().flat_map(|trunk| &trunk.caller_ids);
        let there = move |number: &&E164| region(number.as_str()).as_deref() == Some(country);
        Box::new(numbers.filter(there).cloned())
    }

    fn too_many(&self, scope: &Scope, plan: &str, lines: u32) -> ActionError {
        let limit = self.config.plan(plan).lines.unwrap_or_default();
        let noun = if limit == 1 { "line" } else { "lines" };
        // How many lines other tenants have is not for one of them to know.
        let used = scope.pod.is_none().then_some(("lines_used", lines));
        let details = used.into_iter().chain([("lines_limit", limit)]);
        let details = details.map(|(name, count)| (name.to_owned(), count.into()));
        ActionError::OverPlan(Box::new(OverPlan {
            code: "line_limit_reached",
            message: format!("The plan {plan:?} includes {limit} phone {noun}."),
            plan: plan.to_owned(),
            upgrade_url: self.upgrade_url(),
            details: details.collect(),
            suggestions: vec![
                "Upgrade to Pro for unlimited lines".into(),
                "Release a line that is not needed: DELETE /v1/lines/{line_id}".into(),
            ],
        }))
    }

    pub async fn line(&self, caller: &Caller, id: &str) -> Result<Line, ActionError> {
        let id: LineId = id.parse().map_err(|_| UNKNOWN)?;
        self.store.line(&caller.scope(), id).await?.ok_or(UNKNOWN)
    }

    pub async fn list_lines(
        &self,
        caller: &Caller,
        wanted: &ListLines,
    ) -> Result<Paged<Line>, ActionError> {
        let mut check = Check::default();
        let pod = check.pod(wanted.pod_id.as_deref(), caller.pod.as_deref());
        let limit = check.limit(wanted.limit);
        check.done()?;
        let scope = Scope { pod, ..caller.scope() };
        let asked = self.asked(limit, wanted.page_token.as_deref(), format!("lines\n{scope:?}"))?;
        let after = asked.after.as_deref().and_then(|place| place.parse().ok());
        let lines = self.store.lines(&scope, after, asked.to_read()).await?;
        Ok(self.paged(&asked, lines, |line| line.id.to_string()))
    }

    /// Calls that wait have promised the number to nobody yet, but will be made from it.
    pub async fn release_line(&self, caller: &Caller, id: &str) -> Result<(), ActionError> {
        let line = self.line(caller, id).await?;
        if self.store.is_line_used(line.id).await? {
            let detail = "calls from this line are not over: wait for them, or cancel them";
            return Err(ActionError::Conflict(detail.into()));
        }
        let deleted = self.store.delete_line(&caller.scope(), line.id).await?;
        if deleted { Ok(()) } else { Err(UNKNOWN) }
    }

    /// The line a call asks for, otherwise the best there is.
    pub(super) async fn line_of(
        &self,
        check: &mut Check,
        caller: &Caller,
        pod: Option<&str>,
        id: Option<&str>,
        to: Option<&E164>,
    ) -> Result<Option<Line>, ActionError> {
        let Some(id) = id else {
            let scope = Scope { pod: pod.map(str::to_owned), ..caller.scope() };
            let country = to.and_then(|to| region(to.as_str()));
            let best = self.store.best_line(&scope, country.as_deref()).await?;
            // Without a carrier there are no live lines, which is said elsewhere.
            if best.is_none() && caller.mode == Mode::Test {
                let message = "there is no line to call from: create one with POST /v1/lines";
                check.wrong("from_line_id", message);
            }
            return Ok(best);
        };
        let found = match self.line(caller, id).await {
            Err(ActionError::NotFound(_)) => None,
            found => Some(found?),
        };
        let found = found.filter(|line| line.pod.is_none() || line.pod.as_deref() == pod);
        if found.is_none() {
            check.wrong("from_line_id", "there is no such line");
        }
        Ok(found)
    }
}
