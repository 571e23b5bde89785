//! The rules and their names.

use std::fmt;
use std::str::FromStr;

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $rule:ident = $name:literal,)*) => {
        /// A check of a policy.
        ///
        /// The name of a rule does not change. For the reason of each rule, see `RULES.md`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[doc = $doc])+ $rule,)*
        }

        impl Rule {
            /// All rules, in the order of the keys.
            pub const ALL: &[Self] = &[$(Self::$rule,)*];

            /// Returns the name of the rule, as in `allow(...)` and `RULES.md`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$rule => $name,)*
                }
            }
        }
    };
}

rules! {
    /// Rejects `origins` without an entry.
    MissingOrigins = "missing_origins",
    /// Rejects an empty origin.
    EmptyOrigin = "empty_origin",
    /// Rejects `"null"`, which any sandboxed page can send.
    NullOrigin = "null_origin",
    /// Rejects an origin of more than 326 bytes.
    OriginTooLong = "origin_too_long",
    /// Rejects white space and control characters in an origin.
    OriginWhiteSpace = "origin_white_space",
    /// Rejects an origin that is not ASCII.
    OriginNotAscii = "origin_not_ascii",
    /// Rejects an origin with upper-case letters.
    OriginUpperCase = "origin_upper_case",
    /// Rejects an origin that does not start with a scheme and `://`.
    OriginScheme = "origin_scheme",
    /// Rejects a scheme that is never sent in an `Origin` header, such as `file`.
    SchemeNeverSent = "scheme_never_sent",
    /// Rejects an origin with a path, a query or a fragment.
    OriginPath = "origin_path",
    /// Rejects an origin with a user name.
    OriginUserInfo = "origin_user_info",
    /// Rejects an empty host, an empty label, an unexpected character, and a host that is too long.
    OriginHost = "origin_host",
    /// Rejects a label that starts with `xn--` but is not Punycode.
    OriginPunycode = "origin_punycode",
    /// Rejects an IPv4 address that is not four decimal numbers.
    OriginIpv4 = "origin_ipv4",
    /// Rejects an IPv6 address that is not shortened, in lower case and in brackets.
    OriginIpv6 = "origin_ipv6",
    /// Rejects a port that is not a number from 1 to 65535.
    OriginPort = "origin_port",
    /// Rejects the default port of a scheme, which browsers leave out.
    DefaultPort = "default_port",
    /// Rejects a `*` other than in `*.` before a domain, or in `:*`.
    OriginWildcard = "origin_wildcard",
    /// Rejects an origin that is listed twice.
    DuplicateOrigin = "duplicate_origin",
    /// Rejects an entry that another entry covers.
    CoveredOrigin = "covered_origin",
    /// Rejects an `http` origin with `credentials`, because a network attacker can forge its pages.
    /// Can be allowed.
    InsecureOrigin = "insecure_origin",
    /// Rejects `*.` before a public suffix, such as `co.uk`. Can be allowed.
    PublicSuffix = "public_suffix",
    /// Rejects an invalid regex.
    RegexSyntax = "regex_syntax",
    /// Rejects a regex that does not start with a scheme.
    RegexScheme = "regex_scheme",
    /// Rejects a regex that may match other domains than intended. Can be allowed.
    LooseRegex = "loose_regex",
    /// Rejects an empty list in `methods`.
    EmptyMethods = "empty_methods",
    /// Rejects a method that is not a token.
    MethodToken = "method_token",
    /// Rejects a method that no page can use, such as `TRACE`.
    ForbiddenMethod = "forbidden_method",
    /// Rejects a registered method in the wrong case, such as `patch`.
    MethodCase = "method_case",
    /// Rejects a method that is listed twice.
    DuplicateMethod = "duplicate_method",
    /// Rejects a header name that is not a token.
    HeaderToken = "header_token",
    /// Rejects a request header that no page can set, such as `cookie`.
    ForbiddenRequestHeader = "forbidden_request_header",
    /// Rejects headers of the CORS protocol itself.
    CorsHeader = "cors_header",
    /// Rejects headers of Private Network Access, which browsers removed.
    PrivateNetwork = "private_network",
    /// Rejects a header name that is listed twice.
    DuplicateHeader = "duplicate_header",
    /// Rejects a handler that takes JSON but does not allow `content-type`. Can be allowed.
    MissingContentType = "missing_content_type",
    /// Rejects a response header that no page can read, such as `set-cookie`.
    ForbiddenResponseHeader = "forbidden_response_header",
    /// Rejects `"*"` next to other entries, except `authorization` in `headers`.
    WildcardBesideEntries = "wildcard_beside_entries",
    /// Rejects `"*"` with `credentials`.
    CredentialsWildcard = "credentials_wildcard",
    /// Rejects a `max_age` of more than a day.
    MaxAgeTooLong = "max_age_too_long",
    /// Rejects `enforce` with `origins = "*"`.
    EnforceWildcard = "enforce_wildcard",
    /// Rejects `hosts` without `enforce`.
    HostsWithoutEnforce = "hosts_without_enforce",
    /// Rejects an empty list in `hosts`.
    EmptyHosts = "empty_hosts",
    /// Rejects an entry of `hosts` that is not a host with an optional port.
    InvalidHost = "invalid_host",
    /// Rejects a host that is listed twice.
    DuplicateHost = "duplicate_host",
    /// Rejects an entry of `hosts` that another entry covers.
    CoveredHost = "covered_host",
    /// Rejects an `allow(...)` that suppresses nothing.
    UnusedAllow = "unused_allow",
}

impl Rule {
    /// Returns whether `allow(...)` can switch the rule off.
    ///
    /// You can switch off a rule whose risk depends on your deployment.
    pub fn can_be_allowed(self) -> bool {
        matches!(
            self,
            Self::InsecureOrigin | Self::PublicSuffix | Self::LooseRegex | Self::MissingContentType
        )
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The error for a name that is not the name of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownRule;

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown rule")
    }
}

impl std::error::Error for UnknownRule {}

impl FromStr for Rule {
    type Err = UnknownRule;

    fn from_str(name: &str) -> Result<Self, UnknownRule> {
        Self::ALL
            .iter()
            .copied()
            .find(|rule| rule.name() == name)
            .ok_or(UnknownRule)
    }
}
