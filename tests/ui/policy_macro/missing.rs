use cors_runtime::{Policy, policy};

static EMPTY: Policy = policy!();

static NO_ORIGINS: Policy = policy! { credentials };

fn main() {}
