//! The steps that bring a database up to date, in the order in which they were made.
//!
//! They are listed by hand: the macro that reads a folder would compile both databases a second time,
//! for the compiler.

use std::borrow::Cow;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// A step's version, its name, its statements. No step is ever changed: what a database has taken is
/// compared by its digest.
type Step = (i64, &'static str, &'static str);

macro_rules! steps {
    ($folder:literal: $($version:literal $file:literal $name:literal),+ $(,)?) => {
        &[$(($version, $name, include_str!(concat!("../../migrations/", $folder, "/", $file)))),+]
    };
}

const SQLITE: &[Step] = steps!("sqlite":
    1 "0001_calls.sql" "calls",
    2 "0002_lifecycle.sql" "lifecycle",
    3 "0003_personas.sql" "personas",
    4 "0004_rate_windows.sql" "rate windows",
    5 "0005_lines.sql" "lines",
    6 "0006_idempotency.sql" "idempotency",
    7 "0007_stripe.sql" "stripe",
    8 "0008_playbooks.sql" "playbooks",
);

const POSTGRES: &[Step] = steps!("postgres":
    1 "0001_calls.sql" "calls",
    2 "0002_personas.sql" "personas",
    3 "0003_rate_windows.sql" "rate windows",
    4 "0004_lines.sql" "lines",
    5 "0005_idempotency.sql" "idempotency",
    6 "0006_stripe.sql" "stripe",
    7 "0007_playbooks.sql" "playbooks",
);

pub(super) fn sqlite() -> Migrator {
    migrator(SQLITE)
}

pub(super) fn postgres() -> Migrator {
    migrator(POSTGRES)
}

fn migrator(steps: &[Step]) -> Migrator {
    let migration = |&(version, name, statements): &Step| {
        let kind = MigrationType::Simple;
        Migration::new(version, Cow::Borrowed(name), kind, statements.into_sql_str(), false)
    };
    Migrator::with_migrations(steps.iter().map(migration).collect())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_is_a_step() {
        for (folder, steps) in [("sqlite", SQLITE), ("postgres", POSTGRES)] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder);
            let files = std::fs::read_dir(folder).unwrap();
            let name = |file: std::io::Result<std::fs::DirEntry>| file.unwrap().file_name();
            let mut found: Vec<_> = files.map(|file| name(file).into_string().unwrap()).collect();
            found.sort();
            let listed: Vec<_> = steps
                .iter()
                .map(|(version, name, _)| format!("{version:04}_{}.sql", name.replace(' ', "_")))
                .collect();
            assert_eq!(found, listed);
            assert!(steps.iter().map(|step| step.0).eq(1..=steps.len() as i64));
        }
    }
}
