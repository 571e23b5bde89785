//! Checks regexes in `origins`.
//!
//! The checks use the parsed pattern and not its text, because `.` has another meaning in a class.

use std::fmt;

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::literal::{ExtractKind, Extractor};
use regex_syntax::hir::{Class, Hir, HirKind, Look};

use crate::host;
use crate::origin::is_page_scheme;
use crate::pattern::OriginPattern;
use crate::public_suffix::covered_public_suffix;
use crate::rule::Rule;

/// The reason why a pattern is rejected.
///
/// The [`Display`](fmt::Display) output continues a sentence that begins with the pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RegexError {
    Syntax(String),
    Scheme,
    LooseClass,
    RepeatedColon,
    OpenEnd,
    PublicSuffix(String),
}

/// Compiles a pattern, anchored at both ends.
///
/// Matching takes linear time in the length of the origin.
///
/// # Errors
///
/// Returns the error of the `regex` crate. A pattern that passed
/// [`PolicySpec::check`](crate::PolicySpec::check) always compiles.
pub fn compile_regex(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&format!(r"\A(?:{pattern})\z"))
        .unicode(false)
        .build()
}

pub(crate) fn check(pattern: &str) -> Result<(), RegexError> {
    let syntax = |error: &dyn fmt::Display| RegexError::Syntax(last_line(error));
    let mut parser = ParserBuilder::new().unicode(false).utf8(false).build();
    let hir = parser.parse(pattern).map_err(|error| syntax(&error))?;
    compile_regex(pattern).map_err(|error| syntax(&error))?;
    check_scheme(&hir)?;
    if repeats_colon(&hir) {
        return Err(RegexError::RepeatedColon);
    }
    if has_loose_class(&hir) {
        return Err(RegexError::LooseClass);
    }
    check_end(&hir)
}

/// Returns the last line of the error. The lines before only show the pattern.
fn last_line(error: &dyn fmt::Display) -> String {
    let text = error.to_string();
    let line = text.lines().last().unwrap_or_default().trim();
    let line = line.trim_start_matches("error: ").trim_end_matches('.');
    line.replacen("Compiled", "the compiled", 1)
}

fn check_scheme(hir: &Hir) -> Result<(), RegexError> {
    let starts_with_scheme = |literal: &[u8]| {
        let text = str::from_utf8(literal).unwrap_or_default();
        text.split_once("://")
            .is_some_and(|(scheme, _)| is_page_scheme(scheme))
    };
    match literals(hir, ExtractKind::Prefix) {
        Some(prefixes) if prefixes.iter().all(|it| starts_with_scheme(it)) => Ok(()),
        _ => Err(RegexError::Scheme),
    }
}

/// Returns the literals that matches start or end with, if there are finitely many.
fn literals(hir: &Hir, kind: ExtractKind) -> Option<Vec<Vec<u8>>> {
    let mut extractor = Extractor::new();
    // Does not expand classes into literals, because each letter makes a different domain.
    extractor.kind(kind).limit_class(0);
    let sequence = extractor.extract(hir);
    let literals = sequence.literals()?;
    Some(
        literals
            .iter()
            .map(|literal| literal.as_bytes().to_vec())
            .collect(),
    )
}

/// Returns whether the pattern matches `http` origins on other machines.
pub(crate) fn is_insecure(pattern: &str) -> bool {
    let mut parser = ParserBuilder::new().unicode(false).utf8(false).build();
    let Ok(hir) = parser.parse(pattern) else {
        return false;
    };
    let is_local = |suffix: &Vec<u8>| {
        let text = without_literal_port(suffix);
        let host = text.split_once("://").map_or(text, |(_, host)| host);
        host::is_local(host)
    };
    let local = literals(&without_port(&hir), ExtractKind::Suffix)
        .is_some_and(|suffixes| suffixes.iter().all(is_local));
    let http = literals(&hir, ExtractKind::Prefix)
        .is_some_and(|prefixes| prefixes.iter().any(|prefix| prefix.starts_with(b"http://")));
    http && !local
}

fn any(hir: &Hir, wanted: &dyn Fn(&Hir) -> bool) -> bool {
    let below = match hir.kind() {
        HirKind::Repetition(repetition) => any(&repetition.sub, wanted),
        HirKind::Capture(capture) => any(&capture.sub, wanted),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().any(|part| any(part, wanted))
        }
        _ => false,
    };
    below || wanted(hir)
}

/// Returns whether the pattern contains `:*`, which was probably meant as "any port".
fn repeats_colon(hir: &Hir) -> bool {
    any(hir, &|hir| match hir.kind() {
        HirKind::Repetition(repetition) => {
            repetition.max != Some(1)
                && matches!(repetition.sub.kind(), HirKind::Literal(literal) if *literal.0 == *b":")
        }
        _ => false,
    })
}

/// Returns whether a class admits more than `[a-z0-9_-]`. For example, a dot ends a label, so
/// another domain may follow.
fn has_loose_class(hir: &Hir) -> bool {
    let of_a_label = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c);
    any(hir, &|hir| match hir.kind() {
        HirKind::Class(Class::Bytes(class)) => {
            let mut bytes = class.iter().flat_map(|range| range.start()..=range.end());
            !bytes.all(|byte| of_a_label(byte.into()))
        }
        HirKind::Class(Class::Unicode(class)) => {
            let mut chars = class.iter().flat_map(|range| range.start()..=range.end());
            !chars.all(of_a_label)
        }
        _ => false,
    })
}

/// Rejects a pattern that does not end with a literal domain that one party owns. A port may
/// follow.
fn check_end(hir: &Hir) -> Result<(), RegexError> {
    let suffixes = literals(&without_port(hir), ExtractKind::Suffix);
    let suffixes = suffixes.ok_or(RegexError::OpenEnd)?;
    suffixes.iter().try_for_each(|suffix| check_domain(suffix))
}

fn check_domain(suffix: &[u8]) -> Result<(), RegexError> {
    let text = without_literal_port(suffix);
    if text.contains("://") {
        // The whole host is a literal.
        return Ok(());
    }
    // The text before the first dot may be the end of a longer label.
    let domain = text.split_once('.').map_or("", |(_, domain)| domain);
    if domain == "localhost" || domain.ends_with(".localhost") {
        return Ok(());
    }
    match covered_public_suffix(domain) {
        Some(suffix) => Err(RegexError::PublicSuffix(suffix)),
        None if domain.contains('.') => Ok(()),
        None => Err(RegexError::OpenEnd),
    }
}

/// Removes `:` and digits from the end of a literal. [`without_port`] does not find every port that
/// is in a group, as in `(\.co\.uk:3000)`.
fn without_literal_port(literal: &[u8]) -> &str {
    let text = str::from_utf8(literal).unwrap_or_default();
    let front = text.trim_end_matches(|c: char| c.is_ascii_digit());
    // `(:3000){2}` is two ports.
    front
        .strip_suffix(':')
        .map_or(text, |host| without_literal_port(host.as_bytes()))
}

/// Removes the port from the end of the pattern: `:8080`, `:300[0-9]`, `(:[0-9]+)?`,
/// `(:3000|:8080)`.
fn without_port(hir: &Hir) -> Hir {
    let mut parts = match hir.kind() {
        HirKind::Concat(parts) => parts.clone(),
        _ => vec![hir.clone()],
    };
    let is_end = |hir: &Hir| {
        let kind = hir.kind();
        matches!(
            kind,
            HirKind::Look(Look::End | Look::EndLF) | HirKind::Empty
        )
    };
    while parts.pop_if(|last| is_end(last)).is_some() {}
    if parts.pop_if(|last| is_port(last)).is_none() {
        let digits = parts
            .iter()
            .rev()
            .take_while(|part| is_digits(part))
            .count();
        let colon = parts.len() - digits;
        if let Some(host) = parts[..colon].last().and_then(without_colon) {
            parts.truncate(colon - 1);
            parts.push(host);
        }
    }
    Hir::concat(parts)
}

/// Removes `:` and the digits after the colon from the end of a literal.
fn without_colon(hir: &Hir) -> Option<Hir> {
    let HirKind::Literal(literal) = hir.kind() else {
        return None;
    };
    let colon = literal.0.iter().rposition(|&byte| byte == b':')?;
    let (host, port) = literal.0.split_at(colon);
    port[1..]
        .iter()
        .all(u8::is_ascii_digit)
        .then(|| Hir::literal(host))
}

/// Returns whether the pattern is `:` and digits, or nothing.
fn is_port(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Repetition(repetition) => repetition.max == Some(1) && is_port(&repetition.sub),
        HirKind::Capture(capture) => is_port(&capture.sub),
        HirKind::Alternation(ports) => ports.iter().all(is_port),
        HirKind::Concat(parts) => match &parts[..] {
            [colon, digits @ ..] => is_port(colon) && digits.iter().all(is_digits),
            [] => false,
        },
        HirKind::Literal(literal) => {
            let digits = literal.0.strip_prefix(b":");
            digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_digit))
        }
        HirKind::Empty => true,
        _ => false,
    }
}

fn is_digits(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Repetition(repetition) => is_digits(&repetition.sub),
        HirKind::Capture(capture) => is_digits(&capture.sub),
        HirKind::Literal(literal) => literal.0.iter().all(u8::is_ascii_digit),
        HirKind::Alternation(parts) | HirKind::Concat(parts) => parts.iter().all(is_digits),
        HirKind::Class(Class::Bytes(class)) => class
            .iter()
            .all(|range| range.start().is_ascii_digit() && range.end().is_ascii_digit()),
        HirKind::Class(Class::Unicode(class)) => class
            .iter()
            .all(|range| range.start().is_ascii_digit() && range.end().is_ascii_digit()),
        _ => false,
    }
}

/// Returns entries that replace a common pattern, such as `https?://.*\.example\.com`.
pub(crate) fn as_entries(pattern: &str) -> Vec<String> {
    let pattern = pattern.trim_start_matches('^').trim_end_matches('$');
    let text = pattern.replace("(?:", "").replace(['(', ')', '\\'], "");
    let (schemes, rest) = match text.strip_prefix("https?://") {
        Some(rest) => (&["http", "https"][..], rest),
        None => match text.split_once("://") {
            Some(("http", rest)) => (&["http"][..], rest),
            Some(("https", rest)) => (&["https"][..], rest),
            _ => return Vec::new(),
        },
    };
    let labels = [
        "[a-zA-Z0-9-]+.",
        "[a-z0-9-]+.",
        "[a-z0-9_-]+.",
        "[^/]+.",
        "[^.]+.",
        "[w-]+.",
        "w+.",
        ".*.",
        ".+.",
        ".*",
        ".+",
    ];
    let (front, rest) = match labels.iter().find_map(|label| rest.strip_prefix(label)) {
        Some(rest) => ("*.", rest),
        None => ("", rest),
    };
    let ports = [
        ":[0-9]+?", ":[0-9]+", ":[0-9]*", ":d+?", ":d+", ":d*", ":.*", ":*",
    ];
    let (host, port) = match ports.iter().find_map(|port| rest.strip_suffix(port)) {
        Some(host) => (host, ":*"),
        None => (rest, ""),
    };
    let entries = schemes
        .iter()
        .map(|scheme| format!("{scheme}://{front}{host}{port}"));
    entries
        .filter(|entry| OriginPattern::parse(entry).is_ok())
        .collect()
}

impl RegexError {
    pub(crate) fn rule(&self) -> Rule {
        match self {
            Self::Syntax(_) => Rule::RegexSyntax,
            Self::Scheme => Rule::RegexScheme,
            Self::LooseClass | Self::RepeatedColon | Self::OpenEnd | Self::PublicSuffix(_) => {
                Rule::LooseRegex
            }
        }
    }
}

impl fmt::Display for RegexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(reason) => write!(f, "is not a regex: {reason}"),
            Self::Scheme => f.write_str(
                "does not start with the scheme of a page: the regex has to match the whole \
                 origin, so start it with `https://`",
            ),
            Self::LooseClass => f.write_str(
                "probably matches other domains: a part of the regex admits more than \
                 `[a-z0-9_-]`, as a `.` without `\\` does",
            ),
            Self::RepeatedColon => {
                f.write_str("repeats the colon: `:*` means any number of colons, not any port")
            }
            Self::OpenEnd => f.write_str(
                "does not end with a domain that one party owns, written out, as in \
                 `\\.example\\.com`",
            ),
            Self::PublicSuffix(suffix) => write!(
                f,
                "does not end with a domain that one party owns, as in `\\.example\\.com`: \
                 `{suffix}` is a public suffix"
            ),
        }
    }
}
