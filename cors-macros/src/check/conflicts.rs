//! Rejects keys that exclude each other.

use cors_rules::Rule;
use quote::ToTokens as _;
use syn::Path;

use super::Needs;
use crate::errors::Errors;
use crate::written::Written;

/// Rejects other keys next to `disabled`.
pub(super) fn with_disabled(written: &Written, errors: &mut Errors) {
    let policy = written.policy.key().map(|key| ("policy", key));
    let allow = written.allow.key().map(|key| ("allow", key));
    for (key, span) in written.keys_of_a_policy().chain(policy).chain(allow) {
        let message =
            format!("`{key}` beside `disabled`, which allows no origin; remove one of the two");
        errors.push(span, message);
    }
}

/// Rejects other keys next to `policy`, and rules that `allow` cannot suppress for a shared policy.
pub(super) fn with_shared(path: &Path, written: &Written, needs: &Needs, errors: &mut Errors) {
    let path = path.to_token_stream();
    for (key, span) in written.keys_of_a_policy() {
        let message =
            format!("`{key}` beside `policy`: `{path}` is the whole policy; remove one of the two");
        errors.push(span, message);
    }
    for (rule, span) in written.rules() {
        if rule != Rule::MissingContentType || needs.json_body.is_none() {
            let why = if rule.can_be_allowed() {
                "suppresses nothing here; remove it"
            } else {
                "cannot be allowed; remove it"
            };
            errors.push(span, format!("`{rule}` {why}"));
        }
    }
}

/// Rejects the keys that are only valid in an attribute.
pub(super) fn in_macro(written: &Written, errors: &mut Errors) {
    if let Some(key) = written.disabled() {
        let message = "`disabled` in a policy: write `disabled` in `#[cors(...)]`, on the handler";
        errors.push(key, message);
    }
    if let Some(key) = written.policy.key() {
        let message = "`policy` in a policy: use the path of the other policy instead of this \
                       policy";
        errors.push(key, message);
    }
}
