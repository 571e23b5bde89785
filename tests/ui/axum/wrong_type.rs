use cors_runtime::axum::cors;

#[cors(origins = "*")]
async fn list(n: axum::extract::Path<u8>) -> Result<String, std::num::ParseIntError> {
    let _: u16 = "1".parse::<u16>()?;
    n.0
}

fn main() {}
