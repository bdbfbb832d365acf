package dev.kumite.guestagent;

import com.google.protobuf.ByteString;
import dev.kumite.ttrpc.CallContext;

/** The input of a process, written by the host piece by piece. */
interface ProcessInput extends AutoCloseable {

    /**
     * Waits until the process, or the kernel for it, has taken all.
     *
     * @throws dev.kumite.ttrpc.TtrpcException if nobody will read it
     */
    void write(ByteString data, CallContext context);

    /** Lets the process read its end of input. Does nothing the second time. */
    @Override
    void close();
}
