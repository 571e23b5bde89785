//! The stored ratios, and the comparison with them.
//!
//! Ratios are stored instead of counts: another machine or compiler changes all counts alike.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;

use super::rows::Row;

/// The largest factor by which a ratio may exceed the stored ratio.
const SLACK: f64 = 1.1;

const HEAD: &str = "\
# Instructions that cors-runtime adds to a request, as a multiple of those that the hand-written
# code (`strict`) and the other crate (`peer`) add. `cargo bench -p cors-benches -- baseline` writes
# this file.
#
# case; strict; peer
";

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ratios {
    strict: Option<f64>,
    peer: Option<f64>,
}

pub(crate) type Baseline = BTreeMap<String, Ratios>;

/// Returns the ratios of rows.
pub(crate) fn of(rows: &[Row]) -> Baseline {
    let ratios = |row: &Row| Ratios {
        strict: row.instructions_over(row.strict),
        peer: row.instructions_over(row.peer),
    };
    rows.iter()
        .map(|row| (row.name.clone(), ratios(row)))
        .collect()
}

pub(crate) fn write(baseline: &Baseline) -> String {
    let number = |ratio: Option<f64>| ratio.map_or("-".to_owned(), |ratio| format!("{ratio:.4}"));
    let mut text = HEAD.to_owned();
    for (name, ratios) in baseline {
        let _ = writeln!(
            text,
            "{name}; {}; {}",
            number(ratios.strict),
            number(ratios.peer)
        );
    }
    text
}

pub(crate) fn read(text: &str) -> Result<Baseline, Box<dyn Error>> {
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let entry = |line: &str| read_line(line).ok_or_else(|| format!("not a case: `{line}`").into());
    lines.map(entry).collect()
}

fn read_line(line: &str) -> Option<(String, Ratios)> {
    let number = |text: &str| match text {
        "-" => Some(None),
        text => text.parse().ok().map(Some),
    };
    let mut parts = line.rsplitn(3, "; ");
    let peer = number(parts.next()?)?;
    let strict = number(parts.next()?)?;
    Some((parts.next()?.to_owned(), Ratios { strict, peer }))
}

/// The difference between the measured ratios and the stored ratios.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Difference {
    pub(crate) worse: Vec<String>,
    /// The cases of `worse`.
    pub(crate) worse_cases: Vec<String>,
    pub(crate) better: Vec<String>,
    /// Cases without a stored ratio.
    pub(crate) new: Vec<String>,
}

/// Compares the measured ratios with the stored ratios. A case is worse or better only if both of
/// its ratios are, because one ratio alone also changes with the other crate, whose counts depend
/// on its memory.
pub(crate) fn compare(stored: &Baseline, measured: &Baseline) -> Difference {
    let mut difference = Difference::default();
    for (name, now) in measured {
        let Some(before) = stored.get(name) else {
            difference.new.push(name.clone());
            continue;
        };
        difference.add(name, *before, *now);
    }
    difference
}

impl Difference {
    fn add(&mut self, name: &str, before: Ratios, now: Ratios) {
        let pairs = [
            ("strict", before.strict.zip(now.strict)),
            ("peer", before.peer.zip(now.peer)),
        ];
        let known: Vec<_> = pairs
            .into_iter()
            .filter_map(|(other, pair)| Some((other, pair?)))
            .collect();
        let line = || {
            let parts = known.iter().map(|(other, (before, now))| {
                let percent = (now / before - 1.0) * 100.0;
                format!("{now:.3} x {other}, before {before:.3} ({percent:+.0} %)")
            });
            format!("{name}: {}", parts.collect::<Vec<_>>().join("; "))
        };
        let all = |is_so: fn(f64, f64) -> bool| {
            let mut ratios = known.iter();
            !known.is_empty() && ratios.all(|(_, (before, now))| is_so(*before, *now))
        };
        if all(|before, now| now > before * SLACK) {
            self.worse.push(line());
            self.worse_cases.push(name.to_owned());
        } else if all(|before, now| now * SLACK < before) {
            self.better.push(line());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Baseline, Ratios, compare, read, write};

    fn baseline(strict: f64, peer: Option<f64>) -> Baseline {
        let strict = Some(strict);
        [(
            "tower/GET, `a; b`/layer".to_owned(),
            Ratios { strict, peer },
        )]
        .into()
    }

    #[test]
    fn what_is_written_is_read() {
        for peer in [None, Some(0.25)] {
            let stored = baseline(1.5, peer);
            assert_eq!(read(&write(&stored)).expect("readable"), stored);
        }
        assert!(read("tower/GET; 1.0").is_err());
        assert!(read("tower/GET; 1.0; fast").is_err());
    }

    #[test]
    fn more_than_ten_percent_is_a_difference() {
        let stored = baseline(1.0, Some(0.5));
        let counts = |strict, peer| {
            let difference = compare(&stored, &baseline(strict, Some(peer)));
            [
                difference.worse.len(),
                difference.better.len(),
                difference.new.len(),
            ]
        };
        assert_eq!(counts(1.09, 0.46), [0, 0, 0]);
        assert_eq!(counts(1.11, 0.54), [0, 0, 0]);
        assert_eq!(counts(1.11, 0.56), [1, 0, 0]);
        assert_eq!(counts(0.9, 0.6), [0, 0, 0]);
        assert_eq!(counts(0.9, 0.45), [0, 1, 0]);
        assert_eq!(compare(&Baseline::new(), &stored).new.len(), 1);
    }
}
