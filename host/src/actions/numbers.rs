//! The do-not-call list: what is on it is never dialled, whoever asks.

use domain::{E164, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::check::Check;
use super::{ActionError, Caller, Paged, Server};
use crate::store::{DoNotCall, Scope};

const NUMBERS_MAX: usize = 1000;
const NOTE_CHARS_MAX: usize = 500;
const PAGE_MAX: u32 = 1000;
const PAGE_DEFAULT: u32 = 100;
/// Rows of one import.
pub const IMPORT_ROWS_MAX: usize = 100_000;
/// Rows that are named as unreadable; more are only counted.
const REJECTED_SHOWN_MAX: usize = 100;
/// Rows written in one transaction.
const CHUNK_ROWS: usize = 500;
/// Column names under which an export of other systems has the number.
const NUMBER_COLUMNS: [&str; 6] =
    ["number", "phone", "phone_number", "to", "to_number", "telephone"];

/// The body of `POST /v1/do-not-call`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListNumbers {
    /// 1 to 1000 numbers in E.164 format.
    #[schema(example = json!(["+12025550100"]), min_items = 1, max_items = 1000)]
    pub numbers: Vec<String>,
    /// Why, for your own records.
    #[schema(example = "Asked by e-mail", max_length = 500)]
    pub note: Option<String>,
    /// Only in this pod; in the whole organization if left out.
    pub pod_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Listed {
    /// Numbers that were not on the list before.
    pub added: u64,
    pub already_listed: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Imported {
    pub added: u64,
    pub already_listed: u64,
    /// Rows that hold no number; the others were taken.
    pub rejected: u64,
    /// The first of them.
    pub rejected_rows: Vec<RejectedRow>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RejectedRow {
    /// From 1, the header included.
    pub line: u64,
    pub message: String,
}

impl Server {
    pub async fn list_numbers(
        &self,
        caller: &Caller,
        request: ListNumbers,
        now: Time,
    ) -> Result<Listed, ActionError> {
        let mut check = Check::default();
        let pod = check.pod(request.pod_id.as_deref(), caller.pod.as_deref());
        check.maybe_text("note", request.note.as_deref(), NOTE_CHARS_MAX);
        if !(1..=NUMBERS_MAX).contains(&request.numbers.len()) {
            check.wrong("numbers", format!("must hold 1 to {NUMBERS_MAX} numbers"));
        }
        let mut numbers = Vec::new();
        for (index, text) in request.numbers.iter().take(NUMBERS_MAX).enumerate() {
            numbers.extend(check.number(&format!("numbers[{index}]"), text));
        }
        check.done()?;
        let scope = Scope { pod, ..caller.scope() };
        let entry = |number: E164| entry(&scope, number, "api", request.note.clone(), now);
        let entries: Vec<DoNotCall> = numbers.into_iter().map(entry).collect();
        let added = self.store.list_numbers(&entries).await?;
        Ok(Listed { added, already_listed: entries.len() as u64 - added })
    }

    /// Takes every row that holds a number and says which do not. A header names the column; without
    /// one the first column counts.
    pub async fn import_numbers(
        &self,
        caller: &Caller,
        pod: Option<&str>,
        text: &[u8],
        now: Time,
    ) -> Result<Imported, ActionError> {
        let mut check = Check::default();
        let pod = check.pod(pod, caller.pod.as_deref());
        check.done()?;
        let scope = Scope { pod, ..caller.scope() };
        let mut rows =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
        let mut imported =
            Imported { added: 0, already_listed: 0, rejected: 0, rejected_rows: Vec::new() };
        let mut entries: Vec<DoNotCall> = Vec::new();
        let mut columns = (0, None);
        for (index, row) in rows.records().enumerate() {
            if index > IMPORT_ROWS_MAX {
                let message = format!("has more than {IMPORT_ROWS_MAX} rows: import it in parts");
                return Err(ActionError::invalid("", message));
            }
            let row = match row {
                Ok(row) => row,
                Err(error) => {
                    imported.reject(index as u64 + 1, format!("is not CSV: {error}"));
                    continue;
                }
            };
            let line = row.position().map_or(index as u64 + 1, csv::Position::line);
            if index == 0
                && let Some(named) = header(&row)
            {
                columns = named;
                continue;
            }
            let text = row.get(columns.0).unwrap_or_default();
            match number(text) {
                Ok(number) => {
                    let note = columns.1.and_then(|column| row.get(column));
                    let note = note.map(|note| note.chars().take(NOTE_CHARS_MAX).collect());
                    entries.push(entry(&scope, number, "import", note, now));
                }
                Err(message) => imported.reject(line, message),
            }
        }
        for chunk in entries.chunks(CHUNK_ROWS) {
            let added = self.store.list_numbers(chunk).await?;
            imported.added += added;
            imported.already_listed += chunk.len() as u64 - added;
        }
        Ok(imported)
    }

    pub async fn listed_numbers(
        &self,
        caller: &Caller,
        limit: Option<u32>,
        page_token: Option<&str>,
    ) -> Result<Paged<DoNotCall>, ActionError> {
        let mut check = Check::default();
        let limit = check.limit_to(limit.unwrap_or(PAGE_DEFAULT), PAGE_MAX);
        check.done()?;
        let scope = caller.scope();
        let asked = self.asked(limit, page_token, format!("do-not-call\n{scope:?}"))?;
        let entries =
            self.store.do_not_call(&scope, asked.after.as_deref(), asked.to_read()).await?;
        let place = |last: &DoNotCall| {
            format!("{} {}", last.number, last.pod.as_deref().unwrap_or_default())
        };
        Ok(self.paged(&asked, entries, place))
    }

    pub async fn unlist_number(
        &self,
        caller: &Caller,
        number: &str,
        pod: Option<&str>,
    ) -> Result<(), ActionError> {
        let mut check = Check::default();
        let pod = check.pod(pod, caller.pod.as_deref());
        let number = check.number("number", number);
        check.done()?;
        let scope = Scope { pod, ..caller.scope() };
        let unlisted = match number {
            Some(number) => self.store.unlist(&scope, &number).await?,
            None => false,
        };
        let missing = "this number is not on the do-not-call list (of this pod, if one is named)";
        if unlisted { Ok(()) } else { Err(ActionError::NotFound(missing)) }
    }
}

impl Imported {
    fn reject(&mut self, line: u64, message: String) {
        self.rejected += 1;
        if self.rejected_rows.len() < REJECTED_SHOWN_MAX {
            self.rejected_rows.push(RejectedRow { line, message });
        }
    }
}

/// The columns of number and note, if the first row names them.
fn header(row: &csv::StringRecord) -> Option<(usize, Option<usize>)> {
    let names: Vec<String> = row.iter().map(|name| name.trim().to_lowercase()).collect();
    let number = names.iter().position(|name| NUMBER_COLUMNS.contains(&name.as_str()))?;
    let note = names.iter().position(|name| ["note", "reason", "notes"].contains(&name.as_str()));
    Some((number, note))
}

/// Spreadsheets write numbers with spaces, dashes and brackets.
fn number(text: &str) -> Result<E164, String> {
    let plain: String = text.chars().filter(|c| !" -().\u{a0}".contains(*c)).collect();
    plain.parse().map_err(|error: domain::ParseE164Error| error.to_string())
}

fn entry(scope: &Scope, number: E164, source: &str, note: Option<String>, now: Time) -> DoNotCall {
    DoNotCall {
        org: scope.org,
        mode: scope.mode,
        pod: scope.pod.clone(),
        number,
        source: source.to_owned(),
        note: note.filter(|note| !note.is_empty()),
        call: None,
        created_at: now,
    }
}
