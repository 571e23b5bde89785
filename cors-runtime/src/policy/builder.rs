//! Builds policies at start-up, checked by the rules of the attribute.

use std::fmt;
use std::panic::Location;
use std::time::Duration;

use cors_rules::{
    HostPattern, OriginEntry, OriginPattern, PolicySpec, Rule, UnusedAllow, ValidPolicy, Violation,
    str_set,
};

use super::{Headers, Methods, OriginEntries, Origins, Policy, PolicyData};
use crate::origins::{OriginRegex, OriginSource, SourceEntry};

impl Policy {
    /// Creates a builder for a policy that is not known at compile time.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use cors_runtime::Policy;
    ///
    /// # let origins = ["https://app.example.com"];
    /// let policy = Policy::builder()
    ///     .origins(origins)
    ///     .methods(["PUT"])
    ///     .headers(["content-type"])
    ///     .credentials(true)
    ///     .max_age(Duration::from_secs(600))
    ///     .build()?;
    /// assert!(policy.credentials());
    ///
    /// let error = Policy::builder()
    ///     .origins(["https://app.example.com/", "null"])
    ///     .build()
    ///     .unwrap_err();
    /// assert_eq!(error.violations().len(), 2);
    /// # Ok::<(), cors_runtime::PolicyError>(())
    /// ```
    ///
    /// A handler can use the policy from a `static`. The policy is built when you mount the
    /// handler:
    ///
    /// ```
    /// use std::sync::LazyLock;
    ///
    /// use cors_runtime::Policy;
    ///
    /// static API: LazyLock<Policy> = LazyLock::new(|| {
    ///     let origins = std::env::var("API_ORIGINS").unwrap_or("https://app.example.com".into());
    ///     let policy = Policy::builder().origins(origins.split(',')).build();
    ///     policy.unwrap_or_else(|error| panic!("API_ORIGINS: {error}"))
    /// });
    /// # #[cfg(feature = "axum")] {
    /// use cors_runtime::axum::cors;
    ///
    /// #[cors(policy = API)]
    /// async fn list() -> &'static str {
    ///     "items"
    /// }
    /// # }
    /// ```
    pub fn builder() -> PolicyBuilder {
        PolicyBuilder {
            spec: PolicySpec {
                unused_allow: UnusedAllow::Accepted,
                ..PolicySpec::default()
            },
            sources: Vec::new(),
            disabled: false,
        }
    }

    pub(crate) fn from_spec(
        spec: &PolicySpec,
        sources: Vec<SourceEntry>,
        location: String,
    ) -> Result<Self, PolicyError> {
        match spec.check() {
            Ok(valid) => Ok(Self::new(PolicyData::leak(&valid, sources, location))),
            Err(violations) => Err(PolicyError { violations }),
        }
    }

    /// Creates the policy of `disabled`. The other keys are checked, but do not need origins.
    pub(crate) fn disabled_from_spec(
        spec: &PolicySpec,
        location: String,
    ) -> Result<Self, PolicyError> {
        let mut violations = spec.check().err().unwrap_or_default();
        violations.retain(|violation| violation.rule != Rule::MissingOrigins);
        if !violations.is_empty() {
            return Err(PolicyError { violations });
        }
        Ok(Self::disabled_at(location.leak()))
    }
}

/// A builder for a [`Policy`].
///
/// Create a builder with [`Policy::builder`]. Each method takes the value of the key with the same
/// name.
///
/// Each list replaces the list of an earlier call. Calls of [`origin_source`](Self::origin_source)
/// and [`allow`](Self::allow) add up.
#[derive(Clone, Debug)]
#[must_use]
pub struct PolicyBuilder {
    spec: PolicySpec,
    sources: Vec<SourceEntry>,
    disabled: bool,
}

fn strings<T: Into<String>>(list: impl IntoIterator<Item = T>) -> Vec<String> {
    list.into_iter().map(Into::into).collect()
}

impl PolicyBuilder {
    /// Sets the allowed origins: exact origins, `https://*.` and `:*` patterns, or `"*"` alone.
    ///
    /// With the feature `regex`, you can also use [`OriginEntry::regex`]. Required, unless you add
    /// an [`origin_source`](Self::origin_source), or the policy is [`disabled`](Self::disabled).
    #[doc(alias("allow_origin", "allowed_origin", "allowed_origins"))]
    pub fn origins<T: Into<OriginEntry>>(mut self, origins: impl IntoIterator<Item = T>) -> Self {
        self.spec.origins = origins.into_iter().map(Into::into).collect();
        self
    }

    /// Adds an origin source, as a path in the `origins` of the attribute does.
    ///
    /// ```
    /// use cors_runtime::{OriginList, Policy};
    ///
    /// static TENANTS: OriginList = OriginList::new();
    ///
    /// let policy = Policy::builder()
    ///     .origins(["https://app.example.com"])
    ///     .origin_source(&TENANTS)
    ///     .build()?;
    /// assert!(policy.ready().is_err());
    /// TENANTS.replace(["https://blue.example.com"])?;
    /// assert!(policy.ready().is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias("AllowOrigin", "allowed_origin_fn", "predicate"))]
    pub fn origin_source<S: OriginSource>(mut self, source: &'static S) -> Self {
        self.sources
            .push(SourceEntry::new(std::any::type_name::<S>(), source));
        self.spec.sources += 1;
        self
    }

    /// Sets the methods that a preflight allows, or `"*"` alone.
    #[doc(alias("allow_methods", "allowed_methods"))]
    pub fn methods<T: Into<String>>(mut self, methods: impl IntoIterator<Item = T>) -> Self {
        self.spec.methods = Some(strings(methods));
        self
    }

    /// Sets the request headers that a preflight allows. `"*"` is valid alone or with
    /// `authorization`.
    #[doc(alias("allow_headers", "allowed_headers"))]
    pub fn headers<T: Into<String>>(mut self, headers: impl IntoIterator<Item = T>) -> Self {
        self.spec.headers = strings(headers);
        self
    }

    /// Sets the response headers that a page may read, or `"*"` alone.
    #[doc(alias("expose_headers", "exposed_headers"))]
    pub fn expose<T: Into<String>>(mut self, headers: impl IntoIterator<Item = T>) -> Self {
        self.spec.expose = strings(headers);
        self
    }

    /// Sets whether requests may have cookies or HTTP authentication.
    #[doc(alias("allow_credentials", "supports_credentials"))]
    pub fn credentials(mut self, credentials: bool) -> Self {
        self.spec.credentials = credentials;
        self
    }

    /// Sets how long a browser may cache a preflight response, in whole seconds.
    pub fn max_age(mut self, max_age: Duration) -> Self {
        self.spec.max_age = Some(max_age.as_secs());
        self
    }

    /// Sets whether actual requests from origins that are not allowed are refused.
    ///
    /// See [enforce](crate::guide::security#refuse-requests).
    #[doc(alias("block_on_origin_mismatch"))]
    pub fn enforce(mut self, enforce: bool) -> Self {
        self.spec.enforce = enforce;
        self
    }

    /// Sets the hosts under which the endpoint can be reached, with an optional port or `:*`.
    ///
    /// Requests for other hosts are refused. Only valid with [`enforce`](Self::enforce). See
    /// [hosts](crate::guide::security#refuse-requests).
    ///
    /// ```
    /// use cors_runtime::Policy;
    ///
    /// let policy = Policy::builder()
    ///     .origins(["http://localhost:5173"])
    ///     .enforce(true)
    ///     .hosts(["localhost:*", "127.0.0.1:*", "[::1]:*"])
    ///     .build()?;
    /// assert!(policy.enforce());
    /// # Ok::<(), cors_runtime::PolicyError>(())
    /// ```
    pub fn hosts<T: Into<String>>(mut self, hosts: impl IntoIterator<Item = T>) -> Self {
        self.spec.hosts = Some(strings(hosts));
        self
    }

    /// Sets whether the policy allows no origin, as [`Policy::disabled`] does.
    ///
    /// Unlike in the attribute, you can set other keys as well, so that a configuration can switch
    /// CORS off and on. The other keys are checked, but do nothing.
    ///
    /// ```
    /// use cors_runtime::Policy;
    ///
    /// # fn is_switched_off() -> bool { true }
    /// let policy = Policy::builder()
    ///     .origins(["https://app.example.com"])
    ///     .credentials(true)
    ///     .disabled(is_switched_off())
    ///     .build()?;
    /// assert!(!policy.credentials());
    /// # Ok::<(), cors_runtime::PolicyError>(())
    /// ```
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.disabled = disabled;
        self
    }

    /// Switches a rule off.
    ///
    /// Only some rules can be switched off. See [`Rule::can_be_allowed`]. Unlike in the attribute,
    /// the rule may be one that the policy does not break, because the next configuration may need
    /// the exception:
    ///
    /// ```
    /// use cors_runtime::{Policy, Rule};
    ///
    /// # fn read() -> [&'static str; 1] { ["https://intranet.example.com"] }
    /// let policy = Policy::builder()
    ///     .origins(read())
    ///     .credentials(true)
    ///     .allow(Rule::InsecureOrigin)
    ///     .build()?;
    /// # assert!(policy.credentials());
    /// # Ok::<(), cors_runtime::PolicyError>(())
    /// ```
    pub fn allow(mut self, rule: Rule) -> Self {
        self.spec.allow.push(rule);
        self
    }

    /// Builds the policy.
    ///
    /// The strings of a policy are never freed. Build each policy only once, at start-up.
    ///
    /// # Errors
    ///
    /// Returns every violation, with its field and index.
    #[track_caller]
    pub fn build(self) -> Result<Policy, PolicyError> {
        let caller = Location::caller();
        let location = format!("{}:{}", caller.file(), caller.line());
        if self.disabled {
            return Policy::disabled_from_spec(&self.spec, location);
        }
        Policy::from_spec(&self.spec, self.sources, location)
    }
}

impl PolicyData {
    fn leak(policy: &ValidPolicy<'_>, sources: Vec<SourceEntry>, location: String) -> Self {
        Self {
            location: location.leak(),
            origins: origins(&policy.origins, sources),
            methods: methods(&policy.methods),
            headers: headers(&policy.headers),
            expose: (!policy.expose.is_empty()).then(|| leak(policy.expose.join(", "))),
            credentials: policy.credentials,
            max_age: policy.max_age.map(|seconds| leak(seconds.to_string())),
            enforce: policy.enforce,
            hosts: hosts(&policy.hosts),
        }
    }
}

fn leak(value: String) -> &'static str {
    value.leak()
}

fn leak_all(list: Vec<String>) -> &'static [&'static str] {
    list.into_iter().map(leak).collect::<Vec<_>>().leak()
}

fn origins(origins: &cors_rules::Origins<'_>, sources: Vec<SourceEntry>) -> Origins {
    let cors_rules::Origins::List {
        patterns: list,
        regexes,
    } = origins
    else {
        return Origins::Any;
    };
    let written = |exact: bool| {
        let entries = list.iter().filter(move |entry| entry.is_exact() == exact);
        entries.map(ToString::to_string).collect::<Vec<_>>()
    };
    let mut exact = written(true);
    str_set::prepare(&mut exact);
    // Parses the patterns again, to borrow the leaked strings.
    let patterns = leak_all(written(false)).iter();
    let patterns = patterns.filter_map(|entry| OriginPattern::parse(entry).ok());
    Origins::List(OriginEntries {
        exact: leak_all(exact),
        patterns: patterns.collect::<Vec<_>>().leak(),
        regexes: leak_regexes(regexes),
        sources: leak_sources(sources),
        async_sources: &[],
    })
}

fn hosts(hosts: &[HostPattern<'_>]) -> &'static [HostPattern<'static>] {
    let hosts = leak_all(hosts.iter().map(ToString::to_string).collect());
    let hosts = hosts
        .iter()
        .filter_map(|host| HostPattern::parse(host).ok());
    hosts.collect::<Vec<_>>().leak()
}

fn leak_sources(sources: Vec<SourceEntry>) -> &'static [&'static SourceEntry] {
    let leak = |source| &*Box::leak(Box::new(source));
    sources.into_iter().map(leak).collect::<Vec<_>>().leak()
}

#[cfg(feature = "regex")]
fn leak_regexes(patterns: &[&str]) -> &'static [&'static OriginRegex] {
    let regex = |pattern: &&str| {
        let regex = OriginRegex::new(leak((*pattern).to_owned()));
        &*Box::leak(Box::new(regex))
    };
    patterns.iter().map(regex).collect::<Vec<_>>().leak()
}

/// Without the feature, the rules reject every regex.
#[cfg(not(feature = "regex"))]
fn leak_regexes(_: &[&str]) -> &'static [&'static OriginRegex] {
    &[]
}

fn methods(methods: &cors_rules::Methods<'_>) -> Methods {
    match methods {
        cors_rules::Methods::Default => Methods::Default,
        cors_rules::Methods::Any => Methods::Any,
        cors_rules::Methods::List(names) => Methods::List {
            names: leak_all(names.to_vec()),
            joined: leak(names.join(", ")),
        },
    }
}

fn headers(headers: &cors_rules::Headers<'_>) -> Headers {
    match *headers {
        cors_rules::Headers::Any { authorization } => Headers::Any { authorization },
        cors_rules::Headers::List(names) => {
            let names: Vec<_> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
            let joined = leak(names.join(", "));
            Headers::List {
                names: leak_all(names),
                joined,
            }
        }
    }
}

/// The error for an invalid policy.
///
/// ```
/// # use cors_runtime::Policy;
/// let error = Policy::builder().origins(["example.com"]).build().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the CORS policy is invalid: origins[0]: `example.com` has no scheme: an origin starts \
///      with a scheme such as `https://`; write `https://example.com`",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    violations: Vec<Violation>,
}

impl PolicyError {
    /// Returns every violation, in the order of the keys.
    ///
    /// The slice is never empty.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the CORS policy is invalid")?;
        for (index, violation) in self.violations.iter().enumerate() {
            let separator = if index == 0 { ": " } else { "; " };
            write!(f, "{separator}{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for PolicyError {}
