//! The rows of the tables: the cost of cors-runtime in one way of use, beside the others.

use crate::case::{Case, Group, Role};
use crate::count::Count;

/// The cases of the picture, and of the first table.
pub(crate) const MAIN: [&str; 9] = [
    "tower/GET without Origin/CorsLayer",
    "tower/GET allowed/CorsLayer",
    "tower/GET refused/CorsLayer",
    "tower/preflight allowed/CorsLayer",
    "tower/preflight, origin refused/CorsLayer",
    "axum/GET allowed/axum::Router::from",
    "axum/preflight allowed/axum::Router::from",
    "actix-web/GET allowed/route macro",
    "actix-web/preflight allowed/route macro",
];

/// The cost of one request. The counts are the difference to the same request without CORS, but
/// for `whole`. The time includes the whole request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) instructions: f64,
    /// The instructions of the whole request.
    pub(crate) whole: f64,
    pub(crate) allocations: f64,
    pub(crate) nanoseconds: Option<f64>,
}

#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// `section/request/implementation`.
    pub(crate) name: String,
    pub(crate) section: String,
    pub(crate) request: String,
    pub(crate) implementation: &'static str,
    pub(crate) ours: Cost,
    pub(crate) identity: Option<Cost>,
    pub(crate) minimal: Option<Cost>,
    pub(crate) strict: Option<Cost>,
    pub(crate) peer: Option<Cost>,
    pub(crate) peer_name: &'static str,
}

impl Row {
    /// Returns the instructions of cors-runtime as a multiple of the other implementation's.
    pub(crate) fn instructions_over(&self, other: Option<Cost>) -> Option<f64> {
        other.map(|other| self.ours.instructions / other.instructions)
    }

    pub(crate) fn time_over(&self, other: Option<Cost>) -> Option<f64> {
        Some(self.ours.nanoseconds? / other?.nanoseconds?)
    }
}

/// Returns the rows of all groups. `counts` and `times` are in the order of the cases.
pub(crate) fn rows(groups: &[Group], counts: &[Count], times: Option<&[f64]>) -> Vec<Row> {
    let mut start = 0;
    let of_group = |group: &Group| {
        let cases = start..start + group.cases.len();
        start = cases.end;
        rows_of(
            group,
            &costs(group, &counts[cases.clone()], times.map(|it| &it[cases])),
        )
    };
    groups.iter().flat_map(of_group).collect()
}

/// Subtracts the last case without CORS before each case.
fn costs(group: &Group, counts: &[Count], times: Option<&[f64]>) -> Vec<Cost> {
    let mut without = counts[0];
    let cost = |(index, count): (usize, &Count)| {
        if group.cases[index].role == Role::Without {
            without = *count;
        }
        Cost {
            instructions: count.instructions - without.instructions,
            whole: count.instructions,
            allocations: count.allocations - without.allocations,
            nanoseconds: times.map(|times| times[index]),
        }
    };
    counts.iter().enumerate().map(cost).collect()
}

fn rows_of(group: &Group, costs: &[Cost]) -> Vec<Row> {
    let position = |role| group.cases.iter().position(|case| case.role == role);
    let with_role = |role| position(role).map(|index| costs[index]);
    let peer_name = position(Role::Peer).map_or("", |index| group.cases[index].name);
    let ours = group
        .cases
        .iter()
        .zip(costs)
        .filter(|(case, _)| case.role == Role::Ours);
    let row = |(case, cost): (&Case, &Cost)| Row {
        name: group.name_of(case),
        section: group.section().to_owned(),
        request: group.request().to_owned(),
        implementation: case.name,
        ours: *cost,
        identity: with_role(Role::Identity),
        minimal: with_role(Role::Minimal),
        strict: with_role(Role::Strict),
        peer: with_role(Role::Peer),
        peer_name,
    };
    ours.map(row).collect()
}
