//! Checks `hosts` against the rules.

use crate::check::{Violations, quoted};
use crate::host_pattern::HostPattern;
use crate::public_suffix::covered_public_suffix;
use crate::repair::repair_host;
use crate::rule::Rule;
use crate::spec::PolicySpec;
use crate::violation::Field;

impl PolicySpec {
    pub(crate) fn check_hosts(&self, found: &mut Violations) -> Vec<HostPattern<'_>> {
        let Some(hosts) = &self.hosts else {
            return Vec::new();
        };
        if !self.enforce {
            let message = "`hosts` without `enforce` has no effect; add `enforce`, or remove \
                           `hosts`";
            found.push(Rule::HostsWithoutEnforce, Field::Hosts, None, message);
        }
        if hosts.is_empty() {
            let message = "`hosts` is empty, so every request would be refused; list the hosts of \
                           the server, or remove the key";
            found.push(Rule::EmptyHosts, Field::Hosts, None, message);
        }
        let mut patterns = Vec::with_capacity(hosts.len());
        for (index, entry) in hosts.iter().enumerate() {
            if let Some(pattern) = check_host(index, entry, found) {
                check_covered(index, &pattern, &patterns, found);
                patterns.push(pattern);
            }
        }
        patterns
    }
}

fn check_host<'a>(index: usize, entry: &'a str, found: &mut Violations) -> Option<HostPattern<'a>> {
    match HostPattern::parse(entry) {
        Ok(pattern) => {
            check_public_suffix(index, &pattern, found);
            Some(pattern)
        }
        Err(mistake) => {
            let mended = repair_host(entry);
            let hint = mended.as_ref().map(|mended| format!("; write `{mended}`"));
            let message = format!("{} {mistake}{}", quoted(entry), hint.unwrap_or_default());
            found.push(mistake.rule(), Field::Hosts, Some(index), message);
            found.suggest(mended);
            None
        }
    }
}

fn check_public_suffix(index: usize, pattern: &HostPattern<'_>, found: &mut Violations) {
    let suffix = || covered_public_suffix(pattern.host);
    let Some(suffix) = pattern.subdomains.then(suffix).flatten() else {
        return;
    };
    let message = format!(
        "`{pattern}` covers names that anyone can register: `{suffix}` is a public suffix; list \
         your own names, or write `allow(public_suffix)`"
    );
    found.push(Rule::PublicSuffix, Field::Hosts, Some(index), message);
}

fn check_covered(
    index: usize,
    pattern: &HostPattern<'_>,
    earlier: &[HostPattern<'_>],
    found: &mut Violations,
) {
    let is_related = |it: &&HostPattern<'_>| it.covers(pattern) || pattern.covers(it);
    let Some(other) = earlier.iter().find(is_related) else {
        return;
    };
    let (rule, message) = if other == pattern {
        let message = format!("`{pattern}` is listed twice; remove one");
        (Rule::DuplicateHost, message)
    } else if other.covers(pattern) {
        let message = format!("`{pattern}` is covered by `{other}`; remove one of the two");
        (Rule::CoveredHost, message)
    } else {
        let message = format!("`{pattern}` covers `{other}`; remove one of the two");
        (Rule::CoveredHost, message)
    };
    found.push(rule, Field::Hosts, Some(index), message);
}
