//! The results of the origin sources of a request.

use std::any::TypeId;

use super::SourceFailure;

/// Identifies an origin source, also under different paths and in different policies.
///
/// The type distinguishes functions, which do not have an address. The address distinguishes two
/// `static`s of the same type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SourceId {
    type_id: TypeId,
    address: Option<usize>,
}

impl SourceId {
    pub(super) fn of<T: ?Sized>(type_id: TypeId, source: &'static T) -> Self {
        let address = (size_of_val(source) > 0).then(|| (&raw const *source).addr());
        Self { type_id, address }
    }
}

/// The results of the origin sources that have been called for a request, so that no source is
/// called twice. The first result does not allocate.
#[derive(Clone, Debug, Default)]
pub(crate) struct SourceResults {
    first: Option<SourceResult>,
    others: Vec<SourceResult>,
    /// Whether a source has read a header other than `Origin` and `Host`.
    pub(crate) reads_headers: bool,
}

type SourceResult = (SourceId, Result<bool, SourceFailure>);

impl SourceResults {
    pub(super) fn get(&self, id: SourceId) -> Option<Result<bool, SourceFailure>> {
        let mut all = self.first.iter().chain(&self.others);
        let (_, result) = all.find(|(it, _)| *it == id)?;
        Some(*result)
    }

    pub(super) fn add(&mut self, id: SourceId, result: Result<bool, SourceFailure>) {
        if self.first.is_none() {
            self.first = Some((id, result));
        } else {
            self.others.push((id, result));
        }
    }

    #[cfg_attr(
        not(any(feature = "axum", feature = "tower")),
        allow(dead_code, reason = "only a layer keeps the results")
    )]
    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_none()
    }
}
