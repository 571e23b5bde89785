//! The stored ratios, and the comparison with them.
//!
//! Ratios are stored instead of counts: another machine or compiler changes all counts alike.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;

use super::rows::{Cost, Row};

/// The largest factor by which a ratio may exceed the stored ratio.
const SLACK: f64 = 1.1;

/// How much of the instructions of a whole request may be noise. The frameworks hash with keys that
/// depend on addresses, and the addresses on the environment of the process.
const NOISE: f64 = 0.02;

const HEAD: &str = "\
# Instructions that cors-runtime adds to a request, as a multiple of those that the hand-written
# code (`strict`) and the other crate (`peer`) add. `cargo bench -p cors-benches -- baseline` writes
# this file.
#
# case; strict; peer
";

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ratio {
    value: f64,
    /// How much the value changes by the noise of the whole request. Zero if it is stored.
    noise: f64,
}

impl Ratio {
    fn of(row: &Row, other: Option<Cost>) -> Option<Self> {
        let value = row.instructions_over(other)?;
        let noise = NOISE * row.ours.whole / other?.instructions;
        Some(Self { value, noise })
    }

    fn stored(value: f64) -> Self {
        Self { value, noise: 0.0 }
    }

    fn is_worse_than(self, before: Self) -> bool {
        self.value > before.value * SLACK + self.noise
    }

    fn is_better_than(self, before: Self) -> bool {
        (self.value + self.noise) * SLACK < before.value
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ratios {
    strict: Option<Ratio>,
    peer: Option<Ratio>,
}

pub(crate) type Baseline = BTreeMap<String, Ratios>;

/// Returns the ratios of rows.
pub(crate) fn of(rows: &[Row]) -> Baseline {
    let ratios = |row: &Row| Ratios {
        strict: Ratio::of(row, row.strict),
        peer: Ratio::of(row, row.peer),
    };
    rows.iter()
        .map(|row| (row.name.clone(), ratios(row)))
        .collect()
}

pub(crate) fn write(baseline: &Baseline) -> String {
    let number = |ratio: Option<Ratio>| match ratio {
        None => "-".to_owned(),
        Some(ratio) => format!("{:.4}", ratio.value),
    };
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
        text => text.parse().ok().map(|value| Some(Ratio::stored(value))),
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
                let (now, before) = (now.value, before.value);
                let percent = (now / before - 1.0) * 100.0;
                format!("{now:.3} x {other}, before {before:.3} ({percent:+.0} %)")
            });
            format!("{name}: {}", parts.collect::<Vec<_>>().join("; "))
        };
        let all = |is_so: fn(Ratio, Ratio) -> bool| {
            let mut ratios = known.iter();
            !known.is_empty() && ratios.all(|(_, (before, now))| is_so(*now, *before))
        };
        if all(Ratio::is_worse_than) {
            self.worse.push(line());
            self.worse_cases.push(name.to_owned());
        } else if all(Ratio::is_better_than) {
            self.better.push(line());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Baseline, Ratio, Ratios, compare, read, write};

    fn with_noise(noise: f64, strict: f64, peer: Option<f64>) -> Baseline {
        let ratio = |value| Ratio { value, noise };
        let ratios = Ratios {
            strict: Some(ratio(strict)),
            peer: peer.map(ratio),
        };
        [("tower/GET, `a; b`/layer".to_owned(), ratios)].into()
    }

    fn baseline(strict: f64, peer: Option<f64>) -> Baseline {
        with_noise(0.0, strict, peer)
    }

    fn counts(stored: &Baseline, measured: &Baseline) -> [usize; 3] {
        let difference = compare(stored, measured);
        [
            difference.worse.len(),
            difference.better.len(),
            difference.new.len(),
        ]
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
        let counts = |strict, peer| counts(&stored, &baseline(strict, Some(peer)));
        assert_eq!(counts(1.09, 0.46), [0, 0, 0]);
        assert_eq!(counts(1.11, 0.54), [0, 0, 0]);
        assert_eq!(counts(1.11, 0.56), [1, 0, 0]);
        assert_eq!(counts(0.9, 0.6), [0, 0, 0]);
        assert_eq!(counts(0.9, 0.45), [0, 1, 0]);
        assert_eq!(compare(&Baseline::new(), &stored).new.len(), 1);
    }

    #[test]
    fn the_noise_of_the_whole_request_is_allowed() {
        let stored = baseline(1.0, Some(1.0));
        let counts = |noise, now| counts(&stored, &with_noise(noise, now, Some(now)));
        assert_eq!(counts(0.1, 1.19), [0, 0, 0]);
        assert_eq!(counts(0.1, 1.21), [1, 0, 0]);
        assert_eq!(counts(0.1, 0.82), [0, 0, 0]);
        assert_eq!(counts(0.1, 0.8), [0, 1, 0]);
    }
}
