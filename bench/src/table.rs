//! Tables on a terminal, and percentiles.

use std::time::Duration;

/// A title and a head; then rows of the same width.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
    title: String,
}

impl Table {
    pub(crate) fn new(title: &str, head: &[&str]) -> Self {
        let head = head.iter().map(|cell| (*cell).to_owned()).collect();
        Table { rows: vec![head], title: title.to_owned() }
    }

    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    pub(crate) fn print(&self) {
        println!("\n{}", self.title);
        let columns = self.rows[0].len();
        let width = |column: usize| {
            self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in &self.rows {
            let mut line = format!("  {:<width$}", row[0], width = widths[0]);
            for (cell, width) in row.iter().zip(&widths).skip(1) {
                line.push_str(&format!("  {cell:>width$}"));
            }
            println!("{line}");
        }
    }
}

/// Sorted measurements.
pub(crate) struct Sample(Vec<Duration>);

impl Sample {
    pub(crate) fn of(mut measured: Vec<Duration>) -> Self {
        measured.sort();
        Sample(measured)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The smallest value that `percent` of all do not exceed.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied().unwrap_or_default()
    }
}

pub(crate) fn micros(time: Duration) -> String {
    format!("{:.2} µs", time.as_nanos() as f64 / 1000.0)
}

pub(crate) fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
