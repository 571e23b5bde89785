//! Suggests a corrected entry for simple mistakes.

use std::collections::HashSet;

use crate::error::OriginError;
use crate::host;
use crate::host_pattern::HostPattern;
use crate::origin::is_special;
use crate::pattern::OriginPattern;
use crate::spelling::scheme_meant;

/// Corrects an entry of `origins`, or a list of origins that is written as one entry. Returns the
/// valid entries, or `None` if there is a mistake without an obvious correction.
///
/// ```
/// use cors_rules::repair;
///
/// assert_eq!(repair("app.example.com/").unwrap(), ["https://app.example.com"]);
/// let list = repair("https://a.example, https://b.example").unwrap();
/// assert_eq!(list, ["https://a.example", "https://b.example"]);
/// assert_eq!(repair("null"), None);
/// assert_eq!(repair(r"https://app\.example\.com"), None);
/// ```
pub fn repair(entry: &str) -> Option<Vec<String>> {
    if is_like_regex(entry) {
        return None;
    }
    repair_list(entry).or_else(|| Some(vec![repair_one(entry)?]))
}

/// Returns whether an entry looks like a regex.
pub(crate) fn is_like_regex(entry: &str) -> bool {
    let parts = [
        "\\.", "\\d", "\\w", "[^", "]+", "]*", ".+", "/.*", "(?", ")?", "?:", "|",
    ];
    entry.starts_with('^') || entry.ends_with('$') || parts.iter().any(|part| entry.contains(part))
}

fn repair_list(entry: &str) -> Option<Vec<String>> {
    // The separator is part of something else.
    if entry.contains(['?', '#', '@']) {
        return None;
    }
    let separators = |c: char| matches!(c, ',' | ';') || c.is_whitespace();
    let parts = || entry.split(separators).filter(|part| !part.is_empty());
    // `https://app. example.com` is not a list.
    let is_list = entry.contains([',', ';']) || parts().all(|part| part.contains("://"));
    if !is_list || parts().nth(1).is_none() {
        return None;
    }
    let mut origins: Vec<String> = parts().map(repair_one).collect::<Option<_>>()?;
    let mut seen = HashSet::new();
    origins.retain(|origin| seen.insert(origin.clone()));
    Some(origins)
}

fn repair_one(entry: &str) -> Option<String> {
    let mut mended = entry.to_owned();
    // One mistake at a time. With more mistakes, a suggestion would not help.
    for _ in 0..6 {
        match OriginPattern::parse(&mended) {
            Ok(_) => return Some(mended),
            Err(mistake) => mended = mend(mistake, &mended)?,
        }
    }
    None
}

/// Corrects an entry of `hosts`. Returns a valid entry, or `None`.
///
/// ```
/// let repaired = cors_rules::repair_host("http://localhost:3000/");
/// assert_eq!(repaired.as_deref(), Some("localhost:3000"));
/// ```
pub fn repair_host(entry: &str) -> Option<String> {
    let entry = entry.trim();
    let authority = entry.split_once("://").map_or(entry, |(_, rest)| rest);
    // Each scheme has a default port.
    let mended =
        ["http://", "https://"]
            .iter()
            .try_fold(authority.to_owned(), |authority, scheme| {
                let mended = repair_one(&format!("{scheme}{authority}"))?;
                mended.strip_prefix(scheme).map(str::to_owned)
            })?;
    HostPattern::parse(&mended).is_ok().then_some(mended)
}

/// Corrects one mistake, or returns an entry with the same mistake.
fn mend(mistake: OriginError, entry: &str) -> Option<String> {
    let (scheme, rest) = entry.split_once("://").unwrap_or(("", entry));
    Some(match mistake {
        OriginError::WhiteSpace => entry.trim().to_owned(),
        OriginError::UpperCase => match scheme.to_ascii_lowercase() {
            scheme if is_special(&scheme) => entry.to_ascii_lowercase(),
            // Upper-case letters are significant in an opaque host.
            scheme => format!("{scheme}://{rest}"),
        },
        OriginError::NoScheme => with_scheme(entry)?,
        OriginError::SchemeTypo => format!("{}://{rest}", scheme_meant(scheme)?),
        OriginError::NeverSent => match scheme {
            "ws" => format!("http://{rest}"),
            "wss" => format!("https://{rest}"),
            _ => return None,
        },
        OriginError::TrailingSlash
        | OriginError::Path
        | OriginError::Query
        | OriginError::Fragment => {
            let end = rest.find(['/', '\\', '?', '#'])?;
            format!("{scheme}://{}", &rest[..end])
        }
        OriginError::UserInfo => format!("{scheme}://{}", rest.rsplit('@').next()?),
        OriginError::DefaultPort | OriginError::EmptyPort => entry.rsplit_once(':')?.0.to_owned(),
        OriginError::PortLeadingZero => {
            let (front, port) = entry.rsplit_once(':')?;
            format!("{front}:{}", port.trim_start_matches('0'))
        }
        OriginError::Ipv4 => {
            let (host, port) = split_host(rest);
            format!("{scheme}://{}{port}", host::canonical_ipv4(host)?)
        }
        OriginError::Ipv6WithoutBrackets => format!("{scheme}://[{rest}]"),
        OriginError::Ipv6Zone => {
            let (front, tail) = entry.split_once('%')?;
            format!("{front}{}", &tail[tail.find(']')?..])
        }
        OriginError::Ipv6Mapped | OriginError::Ipv6NotCanonical => {
            let (inside, port) = rest.strip_prefix('[')?.split_once(']')?;
            let address: std::net::Ipv6Addr = inside.parse().ok()?;
            match address.to_ipv4_mapped() {
                Some(address) => format!("{scheme}://{address}{port}"),
                None => format!("{scheme}://[{address}]{port}"),
            }
        }
        OriginError::WildcardPlace => {
            format!("{scheme}://*.{}", rest.trim_start_matches(['*', '.']))
        }
        _ => return None,
    })
}

/// Adds a scheme to `example.com`, `localhost:3000`, `//example.com` or `https:/example.com`.
fn with_scheme(entry: &str) -> Option<String> {
    let (scheme, rest) = ["https", "http"]
        .into_iter()
        .find_map(|scheme| {
            let rest = entry.strip_prefix(scheme)?;
            rest.starts_with([':', '/']).then_some((Some(scheme), rest))
        })
        .unwrap_or((None, entry));
    let rest = rest.trim_start_matches([':', '/']);
    let (host, _) = split_host(rest);
    let local = host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.");
    let scheme = scheme.unwrap_or(if local { "http" } else { "https" });
    // A word without a dot is probably not a host.
    (local || host.contains('.')).then(|| format!("{scheme}://{rest}"))
}

/// Splits the host from the port or path that follows.
fn split_host(rest: &str) -> (&str, &str) {
    rest.split_at(rest.find([':', '/']).unwrap_or(rest.len()))
}
