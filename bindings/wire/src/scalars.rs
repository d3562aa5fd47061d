//! The codec of scalars and fixed arrays.

use crate::{DecodeError, EncodeError, Reader, Wire, Writer};

macro_rules! numbers {
    ($($number:ty: $to:ident, $from:ident;)*) => {$(
        impl Wire for $number {
            const MIN_SIZE: usize = size_of::<$number>();
            #[inline]
            fn encode(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
                out.bytes(&self.$to());
                Ok(())
            }
            #[inline]
            fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
                from.array().map(<$number>::$from)
            }
        }
    )*};
}

numbers! {
    u16: to_be_bytes, from_be_bytes;
    u32: to_be_bytes, from_be_bytes;
    u64: to_be_bytes, from_be_bytes;
    i8: to_be_bytes, from_be_bytes;
    i16: to_be_bytes, from_be_bytes;
    i32: to_be_bytes, from_be_bytes;
    i64: to_be_bytes, from_be_bytes;
    // VPP sends these in host byte order, and runs only on little-endian hosts.
    f32: to_le_bytes, from_le_bytes;
    f64: to_le_bytes, from_le_bytes;
}

impl Wire for u8 {
    const MIN_SIZE: usize = 1;

    #[inline]
    fn encode(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        out.bytes(&[*self]);
        Ok(())
    }

    #[inline]
    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        from.array().map(|[byte]| byte)
    }

    #[inline]
    fn encode_all(items: &[Self], out: &mut Writer<'_>) -> Result<(), EncodeError> {
        out.bytes(items);
        Ok(())
    }

    #[inline]
    fn decode_all(count: usize, from: &mut Reader<'_>) -> Result<Vec<Self>, DecodeError> {
        from.bytes(count).map(<[u8]>::to_vec)
    }
}

/// One byte. Every value except 0 is true.
impl Wire for bool {
    const MIN_SIZE: usize = 1;

    #[inline]
    fn encode(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        out.bytes(&[u8::from(*self)]);
        Ok(())
    }

    #[inline]
    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        from.array().map(|[byte]| byte != 0)
    }
}

impl<T: Wire + Default + Copy, const N: usize> Wire for [T; N] {
    const MIN_SIZE: usize = N * T::MIN_SIZE;

    #[inline]
    fn encode(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        T::encode_all(self, out)
    }

    #[inline]
    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut items = [T::default(); N];
        for item in &mut items {
            *item = T::decode(from)?;
        }
        Ok(items)
    }
}
