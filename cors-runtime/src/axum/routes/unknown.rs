//! Handlers that a method router or a service does not list.

use std::ptr;

use crate::policy::Policy;

/// The handlers of a path that are not known, and their policy. A method router of axum's own or a
/// service contains them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Unknown {
    /// Every handler is known.
    #[default]
    None,
    /// The default policy is not known yet.
    Open,
    /// The default policy of the router applies.
    Under(&'static Policy),
    /// The handlers come from routers with different default policies. None of the policies
    /// applies, because the router of a handler is not known.
    Mixed,
}

impl Unknown {
    pub(crate) fn policy(self) -> Option<&'static Policy> {
        match self {
            Self::Under(policy) => Some(policy),
            Self::None | Self::Open | Self::Mixed => None,
        }
    }

    pub(crate) fn is_any(self) -> bool {
        !matches!(self, Self::None)
    }

    pub(crate) fn under(policy: Option<&'static Policy>) -> Self {
        policy.map_or(Self::Open, Self::Under)
    }

    /// Applies a default policy, unless an inner router has applied one.
    pub(crate) fn cover(&mut self, default: &'static Policy) {
        if let Self::Open = self {
            *self = Self::Under(default);
        }
    }

    /// Combines the unknown handlers of two registrations of one path.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, unknown) | (unknown, Self::None) => unknown,
            (Self::Open, Self::Open) => Self::Open,
            (Self::Under(one), Self::Under(other)) if ptr::eq(one, other) => self,
            _ => Self::Mixed,
        }
    }
}
