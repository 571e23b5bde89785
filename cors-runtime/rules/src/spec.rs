//! A whole policy: as it was written, and what it means once it is valid.

use crate::pattern::OriginPattern;
use crate::rule::Rule;

/// The longest `max_age`, in seconds: no browser keeps the answer to a preflight for longer than a
/// day.
pub const MAX_AGE_LIMIT: u64 = 86_400;

/// A policy as it was written: strings, none of them judged yet.
///
/// ```
/// use cors_rules::PolicySpec;
///
/// let spec = PolicySpec {
///     origins: vec!["https://app.example.com/".into()],
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
    /// `"*"` alone, or entries.
    pub origins: Vec<OriginEntry>,
    /// How many entries of `origins` are code that decides while the program runs. They are not
    /// among the others.
    pub sources: usize,
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
    /// Whether actual requests of origins that are not allowed are refused.
    pub enforce: bool,
    /// Whether the handler takes a JSON body, as far as one can tell.
    pub json_body: bool,
    /// The rules that are not to be kept.
    pub allow: Vec<Rule>,
}

/// An entry of `origins`, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OriginEntry {
    /// `"*"`, or what [`OriginPattern::parse`] reads.
    Origin(String),
    /// A regex for whole origins, with the feature `regex`.
    Regex(String),
}

impl OriginEntry {
    /// A regex for whole origins, such as `https://pr-[0-9]+\.example\.dev`.
    pub fn regex(pattern: impl Into<String>) -> Self {
        Self::Regex(pattern.into())
    }

    /// What is no regex.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Origin(text) => text,
            Self::Regex(_) => "",
        }
    }
}

impl From<String> for OriginEntry {
    fn from(origin: String) -> Self {
        Self::Origin(origin)
    }
}

impl From<&str> for OriginEntry {
    fn from(origin: &str) -> Self {
        Self::Origin(origin.to_owned())
    }
}

/// What a valid [`PolicySpec`] means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidPolicy<'a> {
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
    /// As in [`PolicySpec::enforce`].
    pub enforce: bool,
}

/// See [`ValidPolicy::origins`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named for what was written")]
pub enum Origins<'a> {
    Any,
    List {
        patterns: Vec<OriginPattern<'a>>,
        regexes: Vec<&'a str>,
    },
}

/// See [`ValidPolicy::methods`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named for what was written")]
pub enum Methods<'a> {
    Default,
    Any,
    List(&'a [String]),
}

/// See [`ValidPolicy::headers`].
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
