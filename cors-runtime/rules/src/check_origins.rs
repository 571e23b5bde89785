//! Checks `origins` against the rules.

use std::collections::HashSet;
use std::iter;

use crate::check::{Violations, WILDCARD, check_lone_wildcard, quoted, wildcard_beside_entries};
use crate::error::OriginError;
use crate::host;
use crate::pattern::{OriginPattern, PortPattern};
use crate::public_suffix::covered_public_suffix;
use crate::repair::{is_like_regex, repair};
use crate::rule::Rule;
use crate::spec::{OriginEntry, Origins, PolicySpec};
use crate::violation::Field;

impl PolicySpec {
    pub(crate) fn check_origins(&self, found: &mut Violations) -> Origins<'_> {
        if self.origins.is_empty() && self.sources == 0 {
            let message = "`origins` is empty; list the origins, or write `\"*\"`";
            found.push(Rule::MissingOrigins, Field::Origins, None, message);
        }
        let texts: Vec<&str> = self.origins.iter().map(OriginEntry::text).collect();
        if check_lone_wildcard(Field::Origins, &texts, found) {
            if self.sources > 0 {
                wildcard_beside_entries(Field::Origins, 0, found);
            }
            return Origins::Any;
        }
        let mut patterns = Vec::new();
        let mut regexes = Vec::new();
        for (index, entry) in self.origins.iter().enumerate() {
            match entry {
                OriginEntry::Origin(entry) if entry == WILDCARD => {}
                OriginEntry::Origin(entry) => {
                    let pattern = self.check_origin(index, entry, found);
                    patterns.extend(pattern.map(|pattern| (index, pattern)));
                }
                OriginEntry::Regex(pattern) => {
                    self.check_regex(index, pattern, found);
                    if regexes.contains(&pattern.as_str()) {
                        let message = format!("`{pattern}` is listed twice; remove one");
                        found.push(Rule::DuplicateOrigin, Field::Origins, Some(index), message);
                    }
                    regexes.push(pattern.as_str());
                }
            }
        }
        check_covered(&patterns, found);
        check_covered_by_regex(&patterns, &regexes, found);
        let patterns = patterns.into_iter().map(|(_, pattern)| pattern).collect();
        Origins::List { patterns, regexes }
    }

    fn check_origin<'a>(
        &self,
        index: usize,
        entry: &'a str,
        found: &mut Violations,
    ) -> Option<OriginPattern<'a>> {
        match OriginPattern::parse(entry) {
            Ok(pattern) => {
                self.check_risk(index, &pattern, found);
                Some(pattern)
            }
            Err(mistake) => {
                let mended = repair(entry);
                let description = describe(entry, mistake, mended.as_deref());
                let message = format!("{} {description}", quoted(entry));
                found.push(mistake.rule(), Field::Origins, Some(index), message);
                let sole = mended.filter(|entries| entries.len() == 1);
                found.suggest(sole.and_then(|mut entries| entries.pop()));
                None
            }
        }
    }

    /// Rejects a pattern that is valid but probably a mistake.
    fn check_risk(&self, index: usize, pattern: &OriginPattern<'_>, found: &mut Violations) {
        if self.credentials && pattern.scheme == "http" && !host::is_local(pattern.host) {
            let message = insecure(&pattern.to_string());
            found.push(Rule::InsecureOrigin, Field::Origins, Some(index), message);
        }
        if let Some(suffix) = pattern
            .subdomains
            .then(|| covered_public_suffix(pattern.host))
            .flatten()
        {
            let message = public_suffix(pattern, &suffix);
            found.push(Rule::PublicSuffix, Field::Origins, Some(index), message);
        }
    }

    #[cfg(feature = "regex")]
    fn check_regex(&self, index: usize, pattern: &str, found: &mut Violations) {
        let mistake = crate::regex::check(pattern).err();
        if let Some(mistake) = &mistake {
            let entries = crate::regex::as_entries(pattern);
            let entries = entries.iter().map(|entry| format!("`\"{entry}\"`"));
            let entries = entries.collect::<Vec<_>>();
            let hint = match (&entries[..], mistake.rule()) {
                ([], Rule::LooseRegex) => {
                    "; correct the regex, or write `allow(loose_regex)`".to_owned()
                }
                ([], _) => String::new(),
                (entries, _) => format!("; write {}", entries.join(", ")),
            };
            let message = format!("{} {mistake}{hint}", quoted(pattern));
            found.push(mistake.rule(), Field::Origins, Some(index), message);
        }
        // Reports only one violation for a rejected regex, unless `allow` removes that violation.
        let stays = mistake.is_none_or(|mistake| self.allow.contains(&mistake.rule()));
        if stays && self.credentials && crate::regex::is_insecure(pattern) {
            let message = insecure(pattern);
            found.push(Rule::InsecureOrigin, Field::Origins, Some(index), message);
        }
    }

    #[cfg(not(feature = "regex"))]
    #[allow(clippy::unused_self, reason = "the rules are a feature")]
    fn check_regex(&self, index: usize, pattern: &str, found: &mut Violations) {
        let message =
            format!("`{pattern}` is a regex, which needs the feature `regex` of `cors-runtime`");
        found.push(Rule::RegexSyntax, Field::Origins, Some(index), message);
    }
}

/// Returns what is wrong with an entry, and what was probably meant.
fn describe(entry: &str, mistake: OriginError, mended: Option<&[String]>) -> String {
    match mended {
        Some([mended]) => format!("{mistake}; write `{mended}`"),
        Some(list) => {
            let entries = list.join("`, `");
            format!("is a list in one string; write an entry for each origin: `{entries}`")
        }
        None if is_like_regex(entry) => {
            format!("{mistake}; it looks like a regex, which is written `regex(..)` in a policy")
        }
        None => mistake.to_string(),
    }
}

fn check_covered(patterns: &[(usize, OriginPattern<'_>)], found: &mut Violations) {
    let mut seen = HashSet::with_capacity(patterns.len());
    // Looks up each pattern instead of comparing all pairs, because a list can have thousands of
    // entries.
    let all: HashSet<_> = patterns.iter().map(|(_, pattern)| *pattern).collect();
    for (index, pattern) in patterns {
        let twice = !seen.insert(pattern);
        let cover =
            could_cover(pattern).find(|it| it != pattern && it.covers(pattern) && all.contains(it));
        let (rule, message) = match cover {
            _ if twice => (
                Rule::DuplicateOrigin,
                format!("`{pattern}` is listed twice; remove one"),
            ),
            Some(cover) => {
                let message = format!("`{pattern}` is covered by `{cover}`; remove one of the two");
                (Rule::CoveredOrigin, message)
            }
            None => continue,
        };
        found.push(rule, Field::Origins, Some(*index), message);
    }
}

/// Returns all patterns that could cover `pattern`.
fn could_cover<'a>(pattern: &OriginPattern<'a>) -> impl Iterator<Item = OriginPattern<'a>> {
    let OriginPattern {
        scheme, host, port, ..
    } = *pattern;
    let domains = iter::successors(Some(host), |host| Some(host.split_once('.')?.1));
    domains.flat_map(move |host| {
        let kinds = [
            (false, port),
            (false, PortPattern::Any),
            (true, port),
            (true, PortPattern::Any),
        ];
        kinds.map(|(subdomains, port)| OriginPattern {
            scheme,
            subdomains,
            host,
            port,
        })
    })
}

#[cfg(feature = "regex")]
fn check_covered_by_regex(
    patterns: &[(usize, OriginPattern<'_>)],
    regexes: &[&str],
    found: &mut Violations,
) {
    for regex in regexes {
        let Ok(matcher) = crate::regex::compile_regex(regex) else {
            continue;
        };
        for (index, pattern) in patterns.iter().filter(|(_, pattern)| pattern.is_exact()) {
            let origin = pattern.to_string();
            if matcher.is_match(origin.as_bytes()) {
                let message = format!("`{origin}` is covered by `{regex}`; remove one of the two");
                found.push(Rule::CoveredOrigin, Field::Origins, Some(*index), message);
            }
        }
    }
}

#[cfg(not(feature = "regex"))]
fn check_covered_by_regex(_: &[(usize, OriginPattern<'_>)], _: &[&str], _: &mut Violations) {}

fn insecure(entry: &str) -> String {
    format!(
        "`{entry}` with `credentials`: a network attacker can forge a page of an \
         `http` origin and act as its user; use `https`, remove `credentials`, or write \
         `allow(insecure_origin)`"
    )
}

fn public_suffix(pattern: &OriginPattern<'_>, suffix: &str) -> String {
    let OriginPattern { scheme, host, .. } = pattern;
    let hint = if suffix == host.trim_end_matches('.') {
        format!("name your own domain, as in `{scheme}://*.example.{host}`")
    } else {
        "list your own names".to_owned()
    };
    format!(
        "`{pattern}` covers names that anyone can register: `{suffix}` is a public suffix; {hint}, \
         or write `allow(public_suffix)`"
    )
}
