//! A whole policy as it was written, and the one validator that says whether it is sound.

use std::fmt;

use crate::header;
use crate::method;
use crate::pattern::OriginPattern;
use crate::repair::repair;
use crate::violation::{Field, Violation};

/// The longest `max_age`, in seconds: no browser keeps the answer to a preflight for longer than a day.
pub const MAX_AGE_LIMIT: u64 = 86_400;

const WILDCARD: &str = "*";

/// A policy as it was written: strings, none of them judged yet.
///
/// ```
/// use cors_policy::PolicySpec;
///
/// let spec = PolicySpec {
///     origins: vec!["https://app.example.com/".to_owned()],
///     ..PolicySpec::default()
/// };
/// let violations = spec.check().unwrap_err();
/// assert_eq!(
///     violations[0].to_string(),
///     "origins[0]: `https://app.example.com/` ends with a slash: an origin has none; \
///      write `https://app.example.com`",
/// );
/// ```
#[derive(Clone, Debug, Default)]
pub struct PolicySpec {
    /// `"*"` alone, or entries for [`OriginPattern::parse`].
    pub origins: Vec<String>,
    /// `"*"` alone, or methods; `None`: those that the handler is registered for.
    pub methods: Option<Vec<String>>,
    /// `"*"` alone or beside `authorization`, or header names.
    pub headers: Vec<String>,
    /// `"*"` alone, or header names.
    pub expose: Vec<String>,
    /// Whether requests with cookies or HTTP authentication may be answered.
    pub credentials: bool,
    /// For how many seconds a browser may keep the answer to a preflight.
    pub max_age: Option<u64>,
}

/// What a sound [`PolicySpec`] means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoundPolicy<'a> {
    /// Whose pages may read the answers.
    pub origins: Origins<'a>,
    /// The methods that a preflight allows.
    pub methods: Methods<'a>,
    /// The request headers that a preflight allows.
    pub headers: Headers<'a>,
    /// The response headers that a page may read; `["*"]` for all.
    pub expose: &'a [String],
    /// As in [`PolicySpec::credentials`].
    pub credentials: bool,
    /// As in [`PolicySpec::max_age`].
    pub max_age: Option<u64>,
}

/// See [`SoundPolicy::origins`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named for what was written")]
pub enum Origins<'a> {
    Any,
    List(Vec<OriginPattern<'a>>),
}

/// See [`SoundPolicy::methods`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named for what was written")]
pub enum Methods<'a> {
    Default,
    Any,
    List(&'a [String]),
}

/// See [`SoundPolicy::headers`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Headers<'a> {
    /// `"*"`, and whether `authorization` stands beside it: a wildcard alone never covers that one.
    Any {
        /// Whether `authorization` stands beside the wildcard.
        authorization: bool,
    },
    /// Those names.
    List(&'a [String]),
}

impl PolicySpec {
    /// Judges the whole policy.
    ///
    /// # Errors
    ///
    /// Every violation, not only the first, in the order of the keys.
    pub fn check(&self) -> Result<SoundPolicy<'_>, Vec<Violation>> {
        let mut found = Violations(Vec::new());
        let origins = self.check_origins(&mut found);
        let methods = self.check_methods(&mut found);
        let headers = self.check_headers(&mut found);
        self.check_expose(&mut found);
        self.check_max_age(&mut found);
        if self.credentials {
            self.check_credentials(&mut found);
        }
        if !found.0.is_empty() {
            return Err(found.0);
        }
        Ok(SoundPolicy {
            origins,
            methods,
            headers,
            expose: &self.expose,
            credentials: self.credentials,
            max_age: self.max_age,
        })
    }

    fn check_origins(&self, found: &mut Violations) -> Origins<'_> {
        if self.origins.is_empty() {
            found.push(
                Field::Origins,
                None,
                "names no origin; list them, or write `\"*\"`".into(),
            );
        }
        if check_lone_wildcard(Field::Origins, &self.origins, found) {
            return Origins::Any;
        }
        let mut patterns: Vec<(usize, OriginPattern<'_>)> = Vec::new();
        for (index, entry) in self.origins.iter().enumerate() {
            match OriginPattern::parse(entry) {
                _ if entry == WILDCARD => {}
                Err(mistake) => {
                    let hint = repair(entry).map(|mended| format!("; write `{mended}`"));
                    let hint = hint.unwrap_or_default();
                    found.push(
                        Field::Origins,
                        Some(index),
                        format!("`{entry}` {mistake}{hint}"),
                    );
                }
                Ok(pattern) => patterns.push((index, pattern)),
            }
        }
        check_covered(&patterns, found);
        Origins::List(patterns.into_iter().map(|(_, pattern)| pattern).collect())
    }

    fn check_methods(&self, found: &mut Violations) -> Methods<'_> {
        let Some(methods) = &self.methods else {
            return Methods::Default;
        };
        if methods.is_empty() {
            let message = "is empty; list methods, or remove the key: then it is the method that \
                           the handler is registered for";
            found.push(Field::Methods, None, message.into());
        }
        if check_lone_wildcard(Field::Methods, methods, found) {
            return Methods::Any;
        }
        for (index, name) in methods
            .iter()
            .enumerate()
            .filter(|(_, name)| *name != WILDCARD)
        {
            if let Err(mistake) = method::check(name) {
                found.push(Field::Methods, Some(index), format!("`{name}` {mistake}"));
            }
        }
        check_duplicates(Field::Methods, methods, |a, b| a == b, found);
        Methods::List(methods)
    }

    fn check_headers(&self, found: &mut Violations) -> Headers<'_> {
        let is_authorization = |name: &String| name.eq_ignore_ascii_case("authorization");
        let authorization = self.headers.iter().any(is_authorization);
        // The only way to cover Authorization by a wildcard (Fetch, "CORS non-wildcard request-header name").
        let pair = self.headers.len() == 2 && authorization;
        if self.headers.iter().any(|name| name == WILDCARD)
            && (pair || check_lone_wildcard(Field::Headers, &self.headers, found))
        {
            return Headers::Any { authorization };
        }
        check_names(Field::Headers, &self.headers, header::check_request, found);
        Headers::List(&self.headers)
    }

    fn check_expose(&self, found: &mut Violations) {
        if !check_lone_wildcard(Field::Expose, &self.expose, found) {
            check_names(Field::Expose, &self.expose, header::check_exposed, found);
        }
    }

    fn check_max_age(&self, found: &mut Violations) {
        if let Some(seconds) = self.max_age.filter(|&seconds| seconds > MAX_AGE_LIMIT) {
            let message = format!(
                "is {seconds} seconds, but no browser keeps the answer to a preflight for longer \
                 than a day; write at most `\"24h\"`"
            );
            found.push(Field::MaxAge, None, message);
        }
    }

    /// Fetch, "HTTP new-header syntax": for requests with credentials `*` is a name like any other.
    fn check_credentials(&self, found: &mut Violations) {
        let methods = self.methods.as_deref().unwrap_or_default();
        let lists = [
            (Field::Origins, self.origins.as_slice(), "origins"),
            (Field::Methods, methods, "methods"),
            (Field::Headers, &self.headers, "request headers"),
            (Field::Expose, &self.expose, "response headers"),
        ];
        for (field, list, what) in lists {
            let Some(index) = list.iter().position(|entry| entry == WILDCARD) else {
                continue;
            };
            let message = format!(
                "`\"*\"` in `{}` and `credentials` exclude each other: with credentials a browser \
                 takes `*` for a name, not for a wildcard; list the {what}, or remove `credentials`",
                field.name()
            );
            found.push(field, Some(index), message);
        }
    }
}

struct Violations(Vec<Violation>);

impl Violations {
    fn push(&mut self, field: Field, index: Option<usize>, message: String) {
        let message = if index.is_none() {
            format!("`{}` {message}", field.name())
        } else {
            message
        };
        self.0.push(Violation {
            field,
            index,
            message,
        });
    }
}

/// Whether the list is `"*"` alone. A `"*"` beside others is a violation.
fn check_lone_wildcard(field: Field, list: &[String], found: &mut Violations) -> bool {
    let Some(index) = list.iter().position(|entry| entry == WILDCARD) else {
        return false;
    };
    if list.len() == 1 {
        return true;
    }
    let exception = match field {
        Field::Headers => " (only `authorization` may stand beside it)",
        _ => "",
    };
    let message = format!(
        "`\"*\"` stands for everything, so the other entries of `{}` say nothing; keep one or the \
         other{exception}",
        field.name()
    );
    found.push(field, Some(index), message);
    false
}

fn check_names<E: fmt::Display>(
    field: Field,
    names: &[String],
    check: fn(&str) -> Result<(), E>,
    found: &mut Violations,
) {
    for (index, name) in names
        .iter()
        .enumerate()
        .filter(|(_, name)| *name != WILDCARD)
    {
        if let Err(mistake) = check(name) {
            found.push(field, Some(index), format!("`{name}` {mistake}"));
        }
    }
    check_duplicates(field, names, str::eq_ignore_ascii_case, found);
}

fn check_duplicates(
    field: Field,
    names: &[String],
    same: fn(&str, &str) -> bool,
    found: &mut Violations,
) {
    for (index, name) in names.iter().enumerate() {
        if names[..index].iter().any(|earlier| same(earlier, name)) {
            found.push(
                field,
                Some(index),
                format!("`{name}` stands here twice; remove one"),
            );
        }
    }
}

fn check_covered(patterns: &[(usize, OriginPattern<'_>)], found: &mut Violations) {
    for (place, (index, pattern)) in patterns.iter().enumerate() {
        let others = patterns
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != place);
        for (other, (_, cover)) in others {
            let message = if cover == pattern {
                // Said once, at the later of the two.
                if other > place {
                    continue;
                }
                format!("`{pattern}` stands here twice; remove one")
            } else if cover.covers(pattern) {
                format!("`{pattern}` is covered by `{cover}`; remove one of the two")
            } else {
                continue;
            };
            found.push(Field::Origins, Some(*index), message);
            break;
        }
    }
}
