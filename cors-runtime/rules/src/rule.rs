//! The rules by name.

use std::fmt;
use std::str::FromStr;

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $rule:ident = $name:literal,)*) => {
        /// A check of a policy. Its name does not change; `RULES.md` lists every rule with its
        /// reason.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[doc = $doc])+ $rule,)*
        }

        impl Rule {
            /// Every rule, in the order of the keys.
            pub const ALL: &[Self] = &[$(Self::$rule,)*];

            /// The name, as `allow(...)` and `RULES.md` spell it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$rule => $name,)*
                }
            }
        }
    };
}

rules! {
    /// `origins` names at least one.
    MissingOrigins = "missing_origins",
    /// An origin is not empty.
    EmptyOrigin = "empty_origin",
    /// `null` is nobody in particular.
    NullOrigin = "null_origin",
    /// An origin has at most 326 bytes.
    OriginTooLong = "origin_too_long",
    /// An origin has no white space and no control characters.
    OriginWhiteSpace = "origin_white_space",
    /// An origin is ASCII.
    OriginNotAscii = "origin_not_ascii",
    /// An origin is in lower case.
    OriginUpperCase = "origin_upper_case",
    /// An origin starts with a scheme and `://`.
    OriginScheme = "origin_scheme",
    /// The scheme is one that pages have.
    SchemeNeverSent = "scheme_never_sent",
    /// An origin ends after host and port.
    OriginPath = "origin_path",
    /// An origin has no user name.
    OriginUserInfo = "origin_user_info",
    /// The host is made of labels that a browser sends.
    OriginHost = "origin_host",
    /// A label that starts with `xn--` is Punycode.
    OriginPunycode = "origin_punycode",
    /// An IPv4 address is four decimal numbers.
    OriginIpv4 = "origin_ipv4",
    /// An IPv6 address is shortened, in lower case and in brackets.
    OriginIpv6 = "origin_ipv6",
    /// A port is a number from 1 to 65535.
    OriginPort = "origin_port",
    /// The default port of a scheme is left out.
    DefaultPort = "default_port",
    /// `*` stands for whole labels in front of a domain, or for a whole port.
    OriginWildcard = "origin_wildcard",
    /// An origin stands in the list once.
    DuplicateOrigin = "duplicate_origin",
    /// No entry is covered by another one.
    CoveredOrigin = "covered_origin",
    /// With credentials, an origin is one that nobody on the network can forge. Can be allowed.
    InsecureOrigin = "insecure_origin",
    /// `*.` stands in front of a domain that one party owns. Can be allowed.
    PublicSuffix = "public_suffix",
    /// A regex is one.
    RegexSyntax = "regex_syntax",
    /// A regex starts with a scheme.
    RegexScheme = "regex_scheme",
    /// A regex matches no other domain than its author thinks of. Can be allowed.
    LooseRegex = "loose_regex",
    /// `methods` is not an empty list.
    EmptyMethods = "empty_methods",
    /// A method is a token.
    MethodToken = "method_token",
    /// A method is one that a page can use.
    ForbiddenMethod = "forbidden_method",
    /// A registered method is in the case that it is registered in.
    MethodCase = "method_case",
    /// A method stands in the list once.
    DuplicateMethod = "duplicate_method",
    /// The name of a header is a token.
    HeaderToken = "header_token",
    /// A request header is one that a page can set.
    ForbiddenRequestHeader = "forbidden_request_header",
    /// The headers of the protocol itself are nobody's to list.
    CorsHeader = "cors_header",
    /// Private Network Access is no more.
    PrivateNetwork = "private_network",
    /// The name of a header stands in the list once.
    DuplicateHeader = "duplicate_header",
    /// A handler that takes JSON allows `content-type`. Can be allowed.
    MissingContentType = "missing_content_type",
    /// A response header is one that a page can read.
    ForbiddenResponseHeader = "forbidden_response_header",
    /// `"*"` stands alone, or in `headers` beside `authorization`.
    WildcardBesideEntries = "wildcard_beside_entries",
    /// With credentials there is no wildcard.
    CredentialsWildcard = "credentials_wildcard",
    /// `max_age` is at most a day.
    MaxAgeTooLong = "max_age_too_long",
    /// With `enforce` there is somebody to refuse.
    EnforceWildcard = "enforce_wildcard",
    /// What is allowed would be refused otherwise.
    UnusedAllow = "unused_allow",
}

impl Rule {
    /// Whether `allow(...)` can switch the rule off, because the author of the policy may know
    /// better.
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

/// A name that is no rule's.
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
