//! Parts of the Fetch standard as functions of bytes.
//!
//! The `http` crate refuses header values with control bytes, so that no application can send or
//! receive them. These functions take them.
//!
//! ```
//! use cors_runtime::testing::{Credentials, Reason, standard};
//!
//! let headers = [("access-control-allow-origin", "\0*")];
//! let result = standard::cors_check("https://app.example.com", Credentials::Omit, &headers);
//! assert_eq!(result, Err(Reason::AllowOriginMismatch));
//! ```

use super::fetch::Credentials;
use super::headers::{self, HeaderList, normalize, trim_spaces};
use super::reason::Reason;
use super::{cors_check as check, safelist};

/// Checks whether a response may be shared with an origin, which is `null` after some redirects.
///
/// <https://fetch.spec.whatwg.org/#concept-cors-check>
///
/// # Errors
///
/// Returns which header is missing or wrong.
pub fn cors_check<N: AsRef<str>, V: AsRef<[u8]>>(
    origin: &str,
    credentials: Credentials,
    response: &[(N, V)],
) -> Result<(), Reason> {
    check::cors_check(
        origin,
        credentials == Credentials::Include,
        &list(response, trim_spaces),
    )
}

/// Returns whether a request header needs no preflight, apart from the limit of 1,024 bytes for all
/// such headers.
///
/// <https://fetch.spec.whatwg.org/#cors-safelisted-request-header>
pub fn is_safelisted_request_header(name: &str, value: impl AsRef<[u8]>) -> bool {
    safelist::is_safelisted_header(name, normalize(value.as_ref()))
}

/// Returns the request headers that need a preflight: in lower case, sorted, each of them once.
///
/// <https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names>
pub fn unsafe_request_header_names<N: AsRef<str>, V: AsRef<[u8]>>(
    request: &[(N, V)],
) -> Vec<String> {
    safelist::unsafe_header_names(&list(request, normalize))
}

/// Returns the elements of a header that is a list of tokens, such as
/// `Access-Control-Expose-Headers`. The result is `None` if one of them is not a token, and empty
/// if there is no such header.
///
/// <https://fetch.spec.whatwg.org/#extract-header-list-values>
pub fn header_list_values<N: AsRef<str>, V: AsRef<[u8]>>(
    name: &str,
    headers: &[(N, V)],
) -> Option<Vec<String>> {
    let values = headers::tokens(name, &list(headers, trim_spaces)).ok()?;
    Some(values.unwrap_or_default())
}

fn list<N: AsRef<str>, V: AsRef<[u8]>>(lines: &[(N, V)], trim: fn(&[u8]) -> &[u8]) -> HeaderList {
    lines
        .iter()
        .map(|(name, value)| (name, trim(value.as_ref())))
        .collect()
}
