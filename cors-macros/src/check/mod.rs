//! Checks an attribute and its handler. Converts valid input into [`Checked`].

mod conflicts;
mod handler;
mod http;
mod policy;
mod routes;
mod spec;
mod valid;

use proc_macro2::Span;

use crate::checked::{Checked, CheckedMacro, CheckedPolicy, Policy};
use crate::errors::Errors;
use crate::handler::{Handler, Mode};
use crate::written::Written;

/// Checks the attribute, and the handler if there is one.
pub(crate) fn attribute(
    mode: Mode,
    written: &Written,
    handler: Option<&Handler>,
    errors: &mut Errors,
) -> Option<Checked> {
    if let Some(handler) = handler {
        handler::check(mode, handler, errors);
    }
    let routes = match (mode, handler) {
        (Mode::ActixWeb, Some(handler)) => routes::check(handler, errors),
        _ => Vec::new(),
    };
    let needs = handler.map(|handler| Needs::new(mode, handler));
    let needs = needs.unwrap_or_default();
    let policy = policy_of_handler(written, &needs, errors)?;
    let is_suppressed = written.allow.value().is_some() || written.disabled().is_some();
    errors.is_empty().then(|| Checked {
        runtime: written.runtime(),
        policy,
        wants_content_type: needs.json_body.filter(|_| !is_suppressed),
        routes,
    })
}

/// Checks a `policy!`. Returns [`Policy::ANY`] for invalid input, so that rustc does not report
/// follow-up errors.
pub(crate) fn policy(written: &Written, errors: &mut Errors) -> CheckedMacro {
    conflicts::in_macro(written, errors);
    let policy = policy::check(written, &Needs::default(), errors);
    CheckedMacro {
        runtime: written.runtime(),
        policy: policy.unwrap_or(Policy::ANY),
    }
}

/// The requirements of a handler for its policy.
#[derive(Default)]
struct Needs {
    /// The span of the JSON body, which requires `content-type` in `headers`.
    json_body: Option<Span>,
    /// Why the handler cannot await an origin source.
    cannot_wait: Option<&'static str>,
}

impl Needs {
    fn new(mode: Mode, handler: &Handler) -> Self {
        match mode {
            Mode::ActixWeb | Mode::Axum => Self {
                json_body: handler.json_body(),
                cannot_wait: None,
            },
            // A whole service parses its body itself.
            Mode::Http => Self {
                json_body: None,
                cannot_wait: handler.sig.asyncness.is_none().then_some(NEEDS_ASYNC),
            },
        }
    }
}

const NEEDS_ASYNC: &str = "`ask(..)` has to be awaited, which a `fn` cannot do: write `async fn`";

fn policy_of_handler(
    written: &Written,
    needs: &Needs,
    errors: &mut Errors,
) -> Option<CheckedPolicy> {
    if written.disabled().is_some() {
        conflicts::with_disabled(written, errors);
        return Some(CheckedPolicy::Disabled);
    }
    if let Some(path) = written.policy.value() {
        conflicts::with_shared(path, written, needs, errors);
        return Some(CheckedPolicy::Shared {
            path: path.clone(),
            cannot_wait: needs.cannot_wait,
        });
    }
    policy::check(written, needs, errors).map(CheckedPolicy::Inline)
}
