use cors_runtime::{Policy, policy};

static ONE: Policy = policy! { origins = ["https://app.example.com"] };

static TWO: Policy = policy! { policy = ONE };

static THREE: Policy = policy! { policy = ONE, credentials };

fn main() {}
