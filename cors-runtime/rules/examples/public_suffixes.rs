//! Writes `src/public_suffixes.txt`, the table of public suffixes, from the published list:
//! `cargo run -p cors-rules --example public_suffixes -- public_suffix_list.dat`.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::{env, fs};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/public_suffixes.txt");

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).ok_or("expected the path of the list")?;
    // The labels of a domain from the right, and the first labels of the rules directly below.
    let mut rules = BTreeMap::<Vec<String>, BTreeSet<String>>::new();
    for rule in fs::read_to_string(path)?.lines().filter_map(rule) {
        let mut labels = rule.split('.').map(ascii);
        let first = labels.next().ok_or("an empty rule")??;
        let mut parent = labels.collect::<Result<Vec<_>, _>>()?;
        parent.reverse();
        rules.entry(parent).or_default().insert(first);
    }
    let mut table = String::new();
    for (mut parent, labels) in rules {
        parent.reverse();
        let labels = labels.into_iter().collect::<Vec<_>>();
        writeln!(table, "{} {}", parent.join("."), labels.join(" "))?;
    }
    Ok(fs::write(TABLE, table)?)
}

/// Returns the rule of a line: the text before the first white space, unless that is a comment.
fn rule(line: &str) -> Option<&str> {
    let rule = line.split_whitespace().next()?;
    (!rule.starts_with("//")).then_some(rule)
}

fn ascii(label: &str) -> Result<String, Box<dyn Error>> {
    if label.is_ascii() {
        return Ok(label.to_owned());
    }
    let encoded = punycode::encode(label).map_err(|()| format!("no Punycode for `{label}`"))?;
    Ok(format!("xn--{encoded}"))
}
