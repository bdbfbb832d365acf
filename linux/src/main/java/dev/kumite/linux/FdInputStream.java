package dev.kumite.linux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** What a descriptor gives, as a stream. */
final class FdInputStream extends InputStream {
    private final Fd fd;

    FdInputStream(Fd fd) {
        this.fd = fd;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return fd.read(ByteBuffer.wrap(bytes, offset, length));
        } catch (LinuxException failure) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
