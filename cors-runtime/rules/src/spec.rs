//! Policies before and after the check.

use crate::host_pattern::HostPattern;
use crate::pattern::OriginPattern;
use crate::rule::Rule;

/// The longest `max_age`, in seconds.
///
/// No browser caches a preflight response for longer than a day.
pub const MAX_AGE_LIMIT: u64 = 86_400;

/// An unchecked policy.
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
///     "origins[0]: `https://app.example.com/` ends with a slash, which is not part of an origin; \
///      write `https://app.example.com`",
/// );
/// ```
#[derive(Clone, Debug, Default)]
pub struct PolicySpec {
    /// The origins: `"*"` alone, or entries.
    pub origins: Vec<OriginEntry>,
    /// The number of origin sources, which `origins` does not contain.
    pub sources: usize,
    /// The methods, or `"*"` alone. `None` means the method that the handler is registered for.
    pub methods: Option<Vec<String>>,
    /// The request headers. `"*"` is valid alone or with `authorization`.
    pub headers: Vec<String>,
    /// The response headers that a page may read, or `"*"` alone.
    pub expose: Vec<String>,
    /// Whether requests may have cookies or HTTP authentication.
    pub credentials: bool,
    /// How long a browser may cache a preflight response, in seconds.
    pub max_age: Option<u64>,
    /// Whether actual requests from origins that are not allowed are refused.
    pub enforce: bool,
    /// The hosts under which the server may be reached. `None` means any host.
    pub hosts: Option<Vec<String>>,
    /// Whether the handler takes a JSON body, as far as its signature shows.
    pub json_body: bool,
    /// The rules that are switched off.
    pub allow: Vec<Rule>,
    /// The treatment of an `allow` for a rule that the policy does not break.
    pub unused_allow: UnusedAllow,
}

/// The treatment of an `allow` for a rule that the policy does not break.
///
/// A rule that cannot be allowed is rejected in both cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnusedAllow {
    /// The policy is rejected, because a leftover rule would hide the next mistake.
    #[default]
    Rejected,
    /// The policy is accepted, because the next configuration may need the exception.
    Accepted,
}

/// An unchecked entry of `origins`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OriginEntry {
    /// `"*"`, an exact origin or a pattern. See [`OriginPattern::parse`].
    Origin(String),
    /// A regex that matches whole origins. Needs the feature `regex`.
    Regex(String),
}

impl OriginEntry {
    /// Creates an entry from a regex, such as `https://pr-[0-9]+\.example\.dev`.
    ///
    /// The regex has to match the whole origin.
    pub fn regex(pattern: impl Into<String>) -> Self {
        Self::Regex(pattern.into())
    }

    /// Returns the origin, or an empty string for a regex.
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

/// A valid [`PolicySpec`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidPolicy<'a> {
    /// The allowed origins.
    pub origins: Origins<'a>,
    /// The methods that a preflight allows.
    pub methods: Methods<'a>,
    /// The request headers that a preflight allows.
    pub headers: Headers<'a>,
    /// The response headers that a page may read. `["*"]` means all headers.
    pub expose: &'a [String],
    /// See [`PolicySpec::credentials`].
    pub credentials: bool,
    /// See [`PolicySpec::max_age`].
    pub max_age: Option<u64>,
    /// See [`PolicySpec::enforce`].
    pub enforce: bool,
    /// The hosts under which the server may be reached. Empty means any host.
    pub hosts: Vec<HostPattern<'a>>,
}

/// The allowed origins of a [`ValidPolicy`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named for what was written")]
pub enum Origins<'a> {
    Any,
    List {
        patterns: Vec<OriginPattern<'a>>,
        regexes: Vec<&'a str>,
    },
}

/// The allowed methods of a [`ValidPolicy`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named for what was written")]
pub enum Methods<'a> {
    Default,
    Any,
    List(&'a [String]),
}

/// The allowed request headers of a [`ValidPolicy`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Headers<'a> {
    /// All headers, except `authorization` unless listed.
    Any {
        /// Whether `authorization` is listed next to the wildcard.
        authorization: bool,
    },
    /// The listed headers.
    List(&'a [String]),
}
