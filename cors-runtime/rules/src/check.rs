//! Checks policies against the rules.

use crate::header::{self, HeaderError};
use crate::method;
use crate::rule::Rule;
use crate::spec::{Headers, MAX_AGE_LIMIT, Methods, PolicySpec, UnusedAllow, ValidPolicy};
use crate::violation::{Field, Violation};

pub(crate) const WILDCARD: &str = "*";

impl PolicySpec {
    /// Checks the whole policy.
    ///
    /// # Errors
    ///
    /// Returns every violation, in the order of the keys.
    pub fn check(&self) -> Result<ValidPolicy<'_>, Vec<Violation>> {
        let mut found = Violations::default();
        let origins = self.check_origins(&mut found);
        let methods = self.check_methods(&mut found);
        let headers = self.check_headers(&mut found);
        self.check_json_body(&mut found);
        self.check_expose(&mut found);
        self.check_max_age(&mut found);
        self.check_credentials(&mut found);
        self.check_enforce(&mut found);
        let hosts = self.check_hosts(&mut found);
        self.check_allow(&mut found);
        if !found.0.is_empty() {
            return Err(found.0);
        }
        Ok(ValidPolicy {
            origins,
            methods,
            headers,
            expose: &self.expose,
            credentials: self.credentials,
            max_age: self.max_age,
            enforce: self.enforce,
            hosts,
        })
    }

    fn check_methods(&self, found: &mut Violations) -> Methods<'_> {
        let Some(methods) = &self.methods else {
            return Methods::Default;
        };
        if methods.is_empty() {
            let message = "`methods` is empty; list methods, or remove the key to allow the method \
                           that the handler is registered for";
            found.push(Rule::EmptyMethods, Field::Methods, None, message);
        }
        if check_lone_wildcard(Field::Methods, methods, found) {
            return Methods::Any;
        }
        for (index, name) in names(methods) {
            if let Err(mistake) = method::check(name) {
                let message = format!("{} {mistake}{}", quoted(name), split_hint(name));
                found.push(mistake.rule(), Field::Methods, Some(index), message);
                found.suggest(mistake.meant().map(str::to_owned));
            }
        }
        let (field, rule) = (Field::Methods, Rule::DuplicateMethod);
        check_duplicates(rule, field, methods, |a, b| a == b, found);
        Methods::List(methods)
    }

    fn check_headers(&self, found: &mut Violations) -> Headers<'_> {
        let is_authorization = |name: &String| name.eq_ignore_ascii_case("authorization");
        let authorization = self.headers.iter().any(is_authorization);
        // A wildcard alone never covers `authorization` (Fetch, "CORS non-wildcard request-header
        // name").
        let pair = self.headers.len() == 2 && authorization;
        if has_wildcard(&self.headers)
            && (pair || check_lone_wildcard(Field::Headers, &self.headers, found))
        {
            return Headers::Any { authorization };
        }
        check_names(Field::Headers, &self.headers, header::check_request, found);
        Headers::List(&self.headers)
    }

    fn check_json_body(&self, found: &mut Violations) {
        let is_content_type = |name: &String| name.eq_ignore_ascii_case("content-type");
        if self.json_body
            && !self.headers.iter().any(is_content_type)
            && !has_wildcard(&self.headers)
        {
            let message = "this handler takes JSON, and a page that sends JSON asks for \
                           `content-type` first: its preflight would always be refused; add \
                           `headers = [\"content-type\"]`, or write `allow(missing_content_type)`";
            found.push(Rule::MissingContentType, Field::Headers, None, message);
        }
    }

    fn check_expose(&self, found: &mut Violations) {
        if !check_lone_wildcard(Field::Expose, &self.expose, found) {
            check_names(Field::Expose, &self.expose, header::check_exposed, found);
        }
    }

    fn check_max_age(&self, found: &mut Violations) {
        if let Some(seconds) = self.max_age.filter(|&seconds| seconds > MAX_AGE_LIMIT) {
            let message = format!(
                "`max_age` is {seconds} seconds, but no browser caches a preflight for longer \
                 than a day; write at most `\"24h\"`"
            );
            found.push(Rule::MaxAgeTooLong, Field::MaxAge, None, message);
        }
    }

    /// Rejects wildcards with `credentials`: a browser then takes `*` as a literal name (Fetch,
    /// "HTTP new-header syntax"). A preflight can repeat the requested method and header names
    /// instead. Nothing requests an origin for all pages, or names that a page may read.
    fn check_credentials(&self, found: &mut Violations) {
        let exposed = self.expose.iter().position(|entry| entry == WILDCARD);
        let lists = [
            (Field::Origins, self.wildcard_origin(), "origins"),
            (Field::Expose, exposed, "response headers"),
        ];
        for (field, index, what) in lists.into_iter().filter(|_| self.credentials) {
            let Some(index) = index else { continue };
            let message = format!(
                "`\"*\"` in `{field}` and `credentials` exclude each other: with credentials a \
                 browser takes `*` for a name, not for a wildcard; list the {what}, or remove \
                 `credentials`"
            );
            found.push(Rule::CredentialsWildcard, field, Some(index), message);
        }
    }

    fn check_enforce(&self, found: &mut Violations) {
        let Some(index) = self.wildcard_origin().filter(|_| self.enforce) else {
            return;
        };
        let message = "`\"*\"` in `origins` and `enforce` exclude each other: if every origin is \
                       allowed, no request is refused; list the origins, or remove `enforce`";
        found.push(Rule::EnforceWildcard, Field::Origins, Some(index), message);
    }

    fn wildcard_origin(&self) -> Option<usize> {
        let mut origins = self.origins.iter();
        origins.position(|entry| entry.text() == WILDCARD)
    }

    /// Removes the violations of allowed rules.
    ///
    /// Rejects an `allow` without effect, because a leftover `allow` would hide the next mistake.
    fn check_allow(&self, found: &mut Violations) {
        for (index, &rule) in self.allow.iter().enumerate() {
            let before = found.0.len();
            if rule.can_be_allowed() {
                found.0.retain(|violation| violation.rule != rule);
            }
            let is_accepted = self.unused_allow == UnusedAllow::Accepted && rule.can_be_allowed();
            if found.0.len() == before && !is_accepted {
                let why = if rule.can_be_allowed() {
                    "suppresses nothing here; remove it"
                } else {
                    "cannot be allowed; remove it"
                };
                found.push(
                    Rule::UnusedAllow,
                    Field::Allow,
                    Some(index),
                    format!("`{rule}` {why}"),
                );
            }
        }
    }
}

#[derive(Default)]
pub(crate) struct Violations(pub(crate) Vec<Violation>);

impl Violations {
    pub(crate) fn push(
        &mut self,
        rule: Rule,
        field: Field,
        index: Option<usize>,
        message: impl Into<String>,
    ) {
        let message = message.into();
        self.0.push(Violation {
            rule,
            field,
            index,
            message,
            suggestion: None,
        });
    }

    /// Adds the literal that was probably meant to the last violation.
    pub(crate) fn suggest(&mut self, suggestion: Option<String>) {
        if let Some(last) = self.0.last_mut() {
            last.suggestion = suggestion;
        }
    }
}

/// Returns the entries other than `"*"`, with their indices.
fn names(list: &[String]) -> impl Iterator<Item = (usize, &String)> {
    list.iter()
        .enumerate()
        .filter(|(_, name)| *name != WILDCARD)
}

fn has_wildcard(list: &[String]) -> bool {
    list.iter().any(|entry| entry == WILDCARD)
}

/// Returns whether the list is `"*"` alone. Rejects `"*"` next to other entries.
pub(crate) fn check_lone_wildcard(
    field: Field,
    list: &[impl AsRef<str>],
    found: &mut Violations,
) -> bool {
    let Some(index) = list.iter().position(|entry| entry.as_ref() == WILDCARD) else {
        return false;
    };
    if list.len() == 1 {
        return true;
    }
    if list.iter().all(|entry| entry.as_ref() == WILDCARD) {
        let message = "`\"*\"` is listed twice; remove one";
        found.push(Rule::WildcardBesideEntries, field, Some(1), message);
        return true;
    }
    wildcard_beside_entries(field, index, found);
    false
}

pub(crate) fn wildcard_beside_entries(field: Field, index: usize, found: &mut Violations) {
    let exception = match field {
        Field::Headers => " (except `authorization`)",
        _ => "",
    };
    let message = format!(
        "`\"*\"` matches everything, so the other entries of `{field}` have no effect; keep one \
         or the other{exception}"
    );
    found.push(Rule::WildcardBesideEntries, field, Some(index), message);
}

fn check_names(
    field: Field,
    list: &[String],
    check: fn(&str) -> Result<(), HeaderError>,
    found: &mut Violations,
) {
    for (index, name) in names(list) {
        if let Err(mistake) = check(name) {
            let message = format!("{} {mistake}{}", quoted(name), split_hint(name));
            found.push(mistake.rule(), field, Some(index), message);
        }
    }
    check_duplicates(
        Rule::DuplicateHeader,
        field,
        list,
        str::eq_ignore_ascii_case,
        found,
    );
}

fn check_duplicates(
    rule: Rule,
    field: Field,
    list: &[String],
    same: fn(&str, &str) -> bool,
    found: &mut Violations,
) {
    for (index, name) in names(list) {
        if list[..index].iter().any(|earlier| same(earlier, name)) {
            let message = format!("`{name}` is listed twice; remove one");
            found.push(rule, field, Some(index), message);
        }
    }
}

/// Formats an entry for a message.
pub(crate) fn quoted(entry: &str) -> String {
    match entry {
        "" => "`\"\"`".to_owned(),
        entry => format!("`{entry}`"),
    }
}

/// Returns a hint for an entry such as `"GET, PUT"`, which has the form of the response header.
fn split_hint(entry: &str) -> String {
    if !entry.contains(',') {
        return String::new();
    }
    let entries = entry
        .split(',')
        .map(|entry| format!("\"{}\"", entry.trim()));
    format!("; write `{}`", entries.collect::<Vec<_>>().join(", "))
}
