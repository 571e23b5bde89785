//! Deserializes policies and lists of origins.

use cors_rules::{MAX_AGE_LIMIT, OriginEntry, PolicySpec, Rule, UnusedAllow, duration_seconds};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::Policy;
use crate::origins::OriginList;

/// Deserializes a policy from the keys of the attribute, with the same values.
///
/// A regex origin is `{ "regex": ".." }`. Unlike in the attribute, `allow` may list a rule that the
/// policy does not break, because the next deployment may need the exception.
///
/// `"disabled": true` makes a policy that allows no origin, as [`Policy::disabled`] does. The other
/// keys may stay. They are checked, but do nothing.
///
/// # Errors
///
/// Returns every violation in one message, or the first mistake in the format.
///
/// ```
/// use cors_runtime::Policy;
///
/// let policy: Policy = serde_json::from_str(
///     r#"{ "origins": ["https://app.example.com"], "max_age": "10m", "credentials": true }"#,
/// )?;
/// assert!(policy.credentials());
///
/// let policy: Policy = serde_json::from_str(r#"{ "disabled": true }"#)?;
/// assert!(!policy.credentials());
///
/// let error = serde_json::from_str::<Policy>(r#"{ "origins": ["null"], "methods": ["patch"] }"#);
/// let error = error.unwrap_err().to_string();
/// assert!(error.contains("origins[0]") && error.contains("methods[0]"));
/// # Ok::<(), serde_json::Error>(())
/// ```
impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let keys = Keys::deserialize(deserializer)?;
        let disabled = keys.disabled;
        if keys.origins.is_none() && !disabled {
            return Err(D::Error::missing_field("origins"));
        }
        let spec = keys.spec().map_err(D::Error::custom)?;
        let location = "the configuration".to_owned();
        let policy = if disabled {
            Policy::disabled_from_spec(&spec, location)
        } else {
            Policy::from_spec(&spec, Vec::new(), location)
        };
        policy.map_err(D::Error::custom)
    }
}

/// Deserializes a list of entries.
///
/// A regex is `{ "regex": ".." }`.
///
/// # Errors
///
/// Returns every violation in one message, or the first mistake in the format. An empty list is an
/// error.
///
/// ```
/// use cors_runtime::OriginList;
///
/// let list: OriginList = serde_json::from_str(r#"["https://app.example.com"]"#)?;
/// assert!(list.contains("https://app.example.com"));
///
/// assert!(serde_json::from_str::<OriginList>(r#"["null"]"#).is_err());
/// assert!(serde_json::from_str::<OriginList>("[]").is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
impl<'de> Deserialize<'de> for OriginList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = Vec::<Entry>::deserialize(deserializer)?;
        Self::try_from_iter(entries).map_err(D::Error::custom)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    origins: Option<Origins>,
    methods: Option<List>,
    #[serde(default)]
    headers: List,
    #[serde(default)]
    expose: List,
    #[serde(default)]
    credentials: bool,
    max_age: Option<MaxAge>,
    #[serde(default)]
    enforce: bool,
    hosts: Option<Vec<String>>,
    #[serde(default)]
    disabled: bool,
    #[serde(default)]
    allow: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected `\"*\"` or a list of strings")]
enum List {
    Wildcard(Wildcard),
    Entries(Vec<String>),
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected `\"*\"` or a list of strings and `{ regex = \"..\" }`"
)]
enum Origins {
    Wildcard(Wildcard),
    Entries(Vec<Entry>),
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a string or `{ regex = \"..\" }`")]
enum Entry {
    Origin(String),
    Regex { regex: String },
}

#[derive(Deserialize)]
enum Wildcard {
    #[serde(rename = "*")]
    Any,
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected seconds, or a duration such as `\"10m\"`"
)]
enum MaxAge {
    Seconds(u64),
    Duration(String),
}

impl Default for List {
    fn default() -> Self {
        Self::Entries(Vec::new())
    }
}

impl List {
    fn entries(self) -> Vec<String> {
        match self {
            Self::Wildcard(Wildcard::Any) => vec!["*".to_owned()],
            Self::Entries(entries) => entries,
        }
    }
}

impl Origins {
    fn entries(self) -> Vec<OriginEntry> {
        let Self::Entries(entries) = self else {
            return vec!["*".into()];
        };
        entries.into_iter().map(Into::into).collect()
    }
}

impl From<Entry> for OriginEntry {
    fn from(entry: Entry) -> Self {
        match entry {
            Entry::Origin(origin) => Self::Origin(origin),
            Entry::Regex { regex } => Self::Regex(regex),
        }
    }
}

impl MaxAge {
    fn seconds(self) -> Result<u64, String> {
        match self {
            Self::Seconds(seconds) => Ok(seconds),
            Self::Duration(duration) => duration_seconds(&duration).ok_or_else(|| {
                format!(
                    "max_age: expected seconds up to {MAX_AGE_LIMIT}, or a duration such as \
                     `\"10m\"`, found `\"{duration}\"`"
                )
            }),
        }
    }
}

impl Keys {
    fn spec(self) -> Result<PolicySpec, String> {
        let rule = |name: &String| {
            let unknown = |_| format!("allow: unknown rule `{name}`");
            name.parse::<Rule>().map_err(unknown)
        };
        Ok(PolicySpec {
            origins: self.origins.map(Origins::entries).unwrap_or_default(),
            methods: self.methods.map(List::entries),
            headers: self.headers.entries(),
            expose: self.expose.entries(),
            credentials: self.credentials,
            max_age: self.max_age.map(MaxAge::seconds).transpose()?,
            enforce: self.enforce,
            hosts: self.hosts,
            allow: self.allow.iter().map(rule).collect::<Result<_, _>>()?,
            unused_allow: UnusedAllow::Accepted,
            json_body: false,
            sources: 0,
        })
    }
}
