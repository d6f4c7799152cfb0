//! What the real world does for each step, one file a step. Start at [`super::world::RealWorld`].

pub mod build;
pub mod calibrate;
pub mod inspect;
mod iterations;
pub mod land;
pub mod launch;
pub mod measure;
pub mod prepare;
pub mod profile;
pub mod propose;
pub mod set_aside;
pub mod setup;
pub mod test;
