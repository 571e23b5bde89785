//! The Public Suffix List: domains under which anyone can register a name.
//!
//! The list is at <https://publicsuffix.org>, under the Mozilla Public License 2.0. To update the
//! table, download `public_suffix_list.dat`, and run
//! `cargo run -p cors-rules --example public_suffixes -- public_suffix_list.dat`.

use std::cmp::Ordering;

/// A line for each domain with rules directly below: the domain, then the first labels of the
/// rules, separated by spaces. For example, `kawasaki.jp !city *` contains the rules
/// `!city.kawasaki.jp` and `*.kawasaki.jp`.
///
/// The lines are in the order of [`compare`], and the labels in the order of their bytes. All
/// domains are in Punycode.
static TABLE: &str = include_str!("public_suffixes.txt");

/// Returns the public suffix that `*.` before `domain` would cover: `domain` itself, or the first
/// rule of the list below `domain`, such as `s3.amazonaws.com` for `amazonaws.com`.
pub(crate) fn covered_public_suffix(domain: &str) -> Option<String> {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    if is_public_suffix(domain) {
        return Some(domain.to_owned());
    }
    let (parent, mut labels) = rules_from(domain)?;
    let front = parent.strip_suffix(domain)?;
    let label = labels.find(|label| !label.starts_with('!'))?;
    let is_below = !domain.is_empty() && (front.is_empty() || front.ends_with('.'));
    is_below.then(|| format!("{label}.{parent}"))
}

/// Returns whether the domain is on the list. Unknown top-level domains belong to private networks.
fn is_public_suffix(domain: &str) -> bool {
    let (label, parent) = domain.split_once('.').unwrap_or((domain, ""));
    let Some((_, mut labels)) = rules_from(parent).filter(|(found, _)| *found == parent) else {
        return false;
    };
    // An exception, such as `!city`, comes before the `*` that it is an exception to.
    labels
        .find_map(|it| match it.strip_prefix('!') {
            Some(exception) => (exception == label).then_some(false),
            None => (it == "*" || it == label).then_some(true),
        })
        .unwrap_or(false)
}

/// Returns the first line of the table whose domain is not before `domain`.
fn rules_from(domain: &str) -> Option<(&'static str, impl Iterator<Item = &'static str>)> {
    let (mut start, mut end) = (0, TABLE.len());
    while start < end {
        let middle = start.midpoint(end);
        let line_start = TABLE[start..middle]
            .rfind('\n')
            .map_or(start, |at| start + at + 1);
        let line_end = TABLE[middle..end]
            .find('\n')
            .map_or(end, |at| middle + at + 1);
        let found = TABLE[line_start..line_end].split(' ').next();
        if found.is_some_and(|found| compare(found, domain).is_lt()) {
            start = line_end;
        } else {
            end = line_start;
        }
    }
    let (parent, labels) = TABLE[start..].lines().next()?.split_once(' ')?;
    Some((parent, labels.split(' ')))
}

/// Compares domains label by label, from the right. Domains below a domain directly follow that
/// domain.
fn compare(a: &str, b: &str) -> Ordering {
    a.rsplit('.').cmp(b.rsplit('.'))
}

#[cfg(test)]
mod tests;
